"""What pages say of their own, in the languages of the interface.

Each part of the pages has a catalogue for each language, `words/<part>.<language>.toml`: texts by
keys, which no other part has. What is inserted stands in braces.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).with_name("words")


@lru_cache(maxsize=8)
def words(language: str) -> Mapping[str, str]:
    """Return the texts in `language`, one of kgpub.messages.LANGUAGES, by key."""
    texts: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*.{language}.toml")):
        part = tomllib.loads(path.read_text(encoding="utf-8"))
        repeated = texts.keys() & part.keys()
        if repeated:
            raise ValueError(f"{path}: other parts have these keys too: {sorted(repeated)}")
        texts.update(part)
    return MappingProxyType(texts)
