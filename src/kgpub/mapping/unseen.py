"""Keys that hold more than is seen of them."""

from __future__ import annotations

from collections.abc import Container
from unicodedata import category, name

from kgpub.messages import Message
from kgpub.model.slug import MAX_QUOTED


def hidden_in_key(text: str, keys: Container[str]) -> Message | None:
    """Return a remedy for a key that ends in its value, or holds what looks like no character.

    Such are the spaces that are none to YAML (Zs but U+0020), which part no key from its value,
    and format characters (Cf). None where that is not what makes it none of `keys`: then nothing
    that can be written is known.
    """
    shown = text[:MAX_QUOTED]
    odd = next((each for each in shown if each != " " and category(each) in ("Zs", "Cf")), None)
    written = "".join(_seen(each) for each in shown).strip()
    key, colon, value = (part.strip() for part in written.partition(":"))
    if key not in keys:
        return None
    meant = f"{key}: {value}" if colon else key
    if odd is not None:
        named = f"{name(odd, '')} (U+{ord(odd):04X})".strip()
        return Message("key-holds", character=named, written=meant)
    return Message("write-space", written=meant) if value else None


def _seen(character: str) -> str:
    kind = category(character)
    return " " if kind == "Zs" else "" if kind == "Cf" else character
