"""Keys as submitters mistype them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from rapidfuzz import fuzz, process

from kgpub.model.slug import MAX_QUOTED
from kgpub.model.tree import Fields

LIKE_COLONS = "：﹕︓∶ː꞉׃،؛=;,"
"""What is written behind a key in place of its colon: colons of other scripts, and other signs."""

_MIN_SIMILARITY = 60
_MAX_COMPARED = 50
"""Unknown keys of one node that are compared; a hostile file has any number of them."""


def nearest_key(text: str, keys: Collection[str]) -> str | None:
    """Return that of `keys` which `text` may stand for, or None."""
    found = process.extractOne(
        text[:MAX_QUOTED].lower(), sorted(keys), scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY
    )
    return found[0] if found else None


def is_mistyped(fields: Fields, key: str, keys: Collection[str]) -> bool:
    """Return whether a key of `fields` that is none of `keys` may stand for `key`."""
    unknown = (name.text for name, _ in fields if name.text not in keys)
    return any(nearest_key(text, keys) == key for text in islice(unknown, _MAX_COMPARED))
