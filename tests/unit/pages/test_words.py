from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from kgpub.messages import LANGUAGES
from kgpub.pages import words as catalogue
from kgpub.pages.words import words

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_ARABIC_ONLY = "يىكة"
"""Letters, or their code points, that Arabic has and Sorani writes otherwise."""
PARTS = sorted({path.name.split(".")[0] for path in catalogue.FOLDER.iterdir()})


@pytest.mark.parametrize("part", PARTS)
def test_each_part_says_the_same_things_in_all_languages(part: str) -> None:
    texts = {
        language: tomllib.loads(
            (catalogue.FOLDER / f"{part}.{language}.toml").read_text(encoding="utf-8")
        )
        for language in LANGUAGES
    }
    inserted = {
        language: {key: set(_PLACEHOLDER.findall(text)) for key, text in those.items()}
        for language, those in texts.items()
    }
    assert inserted["ar"] == inserted["en"]
    assert inserted["ckb"] == inserted["en"]


def test_parts_are_merged() -> None:
    assert words("en")["skip"] == "Skip to content"
    assert words("ckb")["section-events"] == "ڕووداوەکان"


def test_what_is_not_said_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("en")["nothing-of-the-kind"]


def test_a_key_that_two_parts_have_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("one", "two"):
        (tmp_path / f"{part}.en.toml").write_text('same = "x"\n', encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    words.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"two\.en\.toml: .*same"):
            words("en")
    finally:
        words.cache_clear()


@pytest.mark.parametrize("key", sorted(words("ckb")))
def test_sorani_is_written_with_its_own_letters(key: str) -> None:
    assert not set(words("ckb")[key]) & set(_ARABIC_ONLY)
