"""Regular expressions of XPath for Rust, by the native engine, and for Python: what they match.

What is expected is what XPath and XML Schema say of it, not what an engine does.
"""

from __future__ import annotations

import re

import pytest
import shacl
from pyoxigraph import Literal

from kgpub.validation.patterns import UnknownFlag, compiled, for_native, for_python
from kgpub.vocabulary import SH

MATCHES = [
    ("a.b", "", "a\nb", False),
    ("a.b", "s", "a\nb", True),
    ("^a$", "", "a\n", False),
    ("^a$", "m", "b\na\nb", True),
    ("^ a\tb $", "x", "ab", True),
    ("^a[ ]b$", "x", "a b", True),
    ("^a[ ]b$", "x", "ab", False),
    ("^a#b$", "x", "a#b", True),
    (r"^a\ b$", "", "a b", True),
    ("a.b$", "q", "xa.b$", True),
    ("a.b", "q", "axb", False),
    ("A.B", "qi", "a.b", True),
    ("^[a-z-[aeiou]]+$", "", "bcd", True),
    ("^[a-z-[aeiou]]+$", "", "bad", False),
    ("^[^a-c-[x]]$", "", "y", True),
    ("^[^a-c-[x]]$", "", "x", False),
    ("^[^a-c-[x]]$", "", "b", False),
    ("^[a-z-[a-m-[b]]]$", "", "b", True),
    ("^[a-z-[a-m-[b]]]$", "", "c", False),
    ("^[a&&b]+$", "", "a&b", True),
    ("^[x~~y]+$", "", "~xy", True),
    (r"^[\]-]$", "", "-", True),
    (r"^\i\c*$", "", "ab-c.1", True),
    (r"^\i\c*$", "", "1a", False),
    (r"^[\i]+$", "", "كa_", True),
    (r"^\I$", "", "1", True),
    (r"^\C$", "", " ", True),
]


@pytest.mark.parametrize(("pattern", "flags", "text", "expected"), MATCHES)
def test_python(pattern: str, flags: str, text: str, expected: bool) -> None:
    assert (compiled(pattern, flags).search(text) is not None) is expected


@pytest.mark.parametrize(("pattern", "flags", "text", "expected"), MATCHES)
def test_native(pattern: str, flags: str, text: str, expected: bool) -> None:
    written, kept = for_native(pattern, flags)
    shapes = shacl.Shapes.from_text(
        f"<urn:s> <{SH}targetNode> {Literal(text)} ; <{SH}pattern> {Literal(written)}"
        + (f" ; <{SH}flags> {Literal(kept)} ." if kept else " ."),
        format="turtle",
    )
    assert shapes.validate_text("", format="ntriples").conforms is expected


@pytest.mark.parametrize(
    "pattern", [r"^[a-z]+\s\d{2,3}\p{L}[\p{L}\-x]\b$", r"\\", r"\$", "(?<n>a)", "[", "a["]
)
def test_what_all_read_alike_stays_as_it_is(pattern: str) -> None:
    assert for_native(pattern, "i") == (pattern, "i")


@pytest.mark.parametrize("depth", [21, 100_000])
def test_classes_within_one_another_are_bounded(depth: int) -> None:
    with pytest.raises(re.error):
        for_python("[a-z-" * depth + "[b]" + "]" * depth, "")


@pytest.mark.parametrize("pattern", ["[a-[b]c]", "[a-[b"])
def test_what_is_taken_from_a_class_ends_it(pattern: str) -> None:
    with pytest.raises(re.error):
        for_python(pattern, "")


def test_other_flags() -> None:
    with pytest.raises(UnknownFlag):
        for_python("a", "g")
