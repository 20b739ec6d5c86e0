"""Keys that hold more than is seen of them."""

from __future__ import annotations

import re
from collections.abc import Container
from unicodedata import category, name

from kgpub.messages import Message
from kgpub.model.keys import LIKE_COLONS
from kgpub.model.slug import MAX_QUOTED

_KEY = re.compile(rf"([\w@$-]+)\s*(?:([:{re.escape(LIKE_COLONS)}])\s*(.*))?", re.DOTALL)


def hidden_in_key(text: str, keys: Container[str]) -> Message | None:
    """Return a remedy for a key that ends in its value, or holds what looks like no character.

    Such are the spaces that are none to YAML (Zs but U+0020), which part no key from its value,
    format characters (Cf), and what is taken for a colon. None where that is not what makes it
    none of `keys`: then nothing that can be written is known.
    """
    shown = text[:MAX_QUOTED]
    odd = next((each for each in shown if each != " " and category(each) in ("Zs", "Cf")), None)
    written = "".join(_seen(each) for each in shown).strip()
    match = _KEY.fullmatch(written)
    if match is None or match[1] not in keys:
        return None
    key, colon, value = match.groups()
    meant = f"{key}: {value}" if colon else key
    if odd is None and colon not in (None, ":"):
        odd = colon
    if odd is not None:
        named = f"{name(odd, '')} (U+{ord(odd):04X})".strip()
        return Message("key-holds", character=named, written=meant.rstrip())
    return Message("write-space", written=meant) if value else None


def _seen(character: str) -> str:
    kind = category(character)
    return " " if kind == "Zs" else "" if kind == "Cf" else character
