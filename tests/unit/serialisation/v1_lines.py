"""A reader of QuickStatements' first syntax, written from Help:QuickStatements, not from ours.

It is stricter than the tools: what one of them mends or ignores in silence is an error here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Value = tuple[str, ...]
"""("item", Q), ("time", year, month, day, precision), ("text", language, text), ("string", …)."""


@dataclass(frozen=True)
class Line:
    item: str
    property: str
    value: Value
    qualifiers: tuple[tuple[str, Value], ...]
    reference: tuple[tuple[str, Value], ...]


def read(content: bytes) -> list[Line]:
    """Return the commands of a batch. Raises ValueError for anything but commands."""
    text = content.decode("utf-8")
    if text and not text.endswith("\n"):
        raise ValueError("the last line does not end")
    if "|" in text:
        raise ValueError("a pipe is a tab, and two are a new line")
    return [_line(line) for line in text.split("\n")[:-1]]


def _line(line: str) -> Line:
    item, property_, value, *rest = line.split("\t")
    if len(rest) % 2:
        raise ValueError(f"a property without a value: {line!r}")
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    letters = "".join(name[0] for name, _ in pairs)
    if not re.fullmatch("P*S*", letters):
        raise ValueError(f"qualifiers come first, and then one reference: {letters}")
    return Line(
        _matching(r"Q[1-9]\d*", item),
        _matching(r"P[1-9]\d*", property_),
        read_value(value),
        tuple(_pairs(pairs, "P")),
        tuple(_pairs(pairs, "S")),
    )


def _pairs(pairs: list[tuple[str, str]], letter: str) -> Iterator[tuple[str, Value]]:
    for name, value in pairs:
        _matching(r"[PS][1-9]\d*", name)
        if name.startswith(letter):
            yield name, read_value(value)


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(f"not {pattern}: {text!r}")
    return text


def read_value(value: str) -> Value:
    """Return a value, told by its form as the help page tells them apart."""
    if value != value.strip() or any(ord(character) < 32 for character in value):
        raise ValueError(f"white space that would be lost: {value!r}")
    if re.fullmatch(r"Q[1-9]\d*", value, re.ASCII):
        return ("item", value)
    if value.startswith("+"):
        found = re.fullmatch(r"\+(\d{4})-(\d\d)-(\d\d)T00:00:00Z/(9|10|11)", value, re.ASCII)
        if found is None:
            raise ValueError(f"no time: {value!r}")
        year, month, day, precision = found.groups()
        if {"9": (True, True), "10": (False, True), "11": (False, False)}[precision] != (
            month == "00",
            day == "00",
        ):
            raise ValueError(f"another precision than the digits show: {value!r}")
        return ("time", year, month, day, precision)
    language, colon, text = value.partition(":") if not value.startswith('"') else ("", "", value)
    if len(text) < 3 or text[0] != '"' or text[-1] != '"' or text[1:-1] != text[1:-1].strip():
        raise ValueError(f"no text in quotation marks: {value!r}")
    if not colon:
        return ("string", text[1:-1])
    return ("text", _matching("[a-z]+(-[a-z]+)*", language), text[1:-1])
