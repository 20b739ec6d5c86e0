"""How much the entities that RDF/XML declares make of it, told before it is parsed.

Oxigraph's RDF/XML parser puts the value of an entity in wherever it is named, in declarations that
follow too, without a bound: ten that name the one before ten times each make gigabytes of a
kilobyte. As it does, this looks for declarations in comments as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_GROWTH = 32
"""Times its own size that entities may make a text: namespaces named by one or two letters."""

_SPACE = (
    rb"(?:[\t-\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f"
    rb"|\xe3\x80\x80)*+"
)
"""What the parser passes over: White_Space of Unicode, in UTF-8."""
_DECLARATION = re.compile(
    rb"<!ENTITY" + _SPACE + rb"%?+" + _SPACE + rb"([^ \t\n\f\r]++)" + _SPACE + rb'"([^"<]*+)"'
)
_REFERENCE = re.compile(rb"&([^&;]*+);")


def overgrown_at(content: bytes, small: int, limit: int) -> int | None:
    """Return the offset of the declaration or reference that makes too much text, or None.

    Too much are more than `limit` bytes, and more than `small` that are MAX_GROWTH times as many
    as `content` has.
    """
    if b"<!ENTITY" not in content:
        return None
    bound = min(limit, max(small, MAX_GROWTH * len(content)))
    sizes: dict[bytes, int] = {}
    for declared in _DECLARATION.finditer(content):
        name, value = declared.groups()
        size = len(value) + sum(_added(each, sizes) for each in _REFERENCE.finditer(value))
        if size > bound:
            return declared.start()
        # What is declared twice has one value before and another after.
        sizes[name] = max(size, sizes.get(name, 0))
    total = len(content)
    for reference in _REFERENCE.finditer(content) if sizes else ():
        total += _added(reference, sizes)
        if total > bound:
            return reference.start()
    return None


def _added(reference: re.Match[bytes], sizes: Mapping[bytes, int]) -> int:
    return sizes.get(reference[1], 0)
