"""Arabic is spelt in one way in all that kgpub says."""

from __future__ import annotations

import pytest
from tests.conftest import REPOSITORY

FOLDERS = {
    "src/kgpub/messages": "ar.toml",
    "src/kgpub/pages/words": "*.ar.toml",
    "src/kgpub": "**/*.py",
    "queries": "*.rq",
    "ontology": "*.ttl",
    "shapes": "*.ttl",
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_tanwin_of_the_accusative_stands_on_the_letter_before_the_alif(folder: str) -> None:
    files = sorted((REPOSITORY / folder).glob(FOLDERS[folder]))
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    assert any("\u064b\u0627" in text for text in texts.values())
    assert [path for path, text in texts.items() if "\u0627\u064b" in text] == []
