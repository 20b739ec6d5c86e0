"""The versions of releases: which there may be, and how they follow each other."""

from __future__ import annotations

import re

VERSION = re.compile(r"[0-9][0-9a-z]*(?:[.-][0-9a-z]+)*")
MAX_VERSION = 40
_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*\Z)")
_RUNS = re.compile(r"([0-9]+)|[a-z]+")
_BEFORE = ("dev", "alpha", "beta", "pre", "rc")
"""Words that a version has before it is there, in this order."""
_END = (len(_BEFORE), 0, "")

Key = tuple[tuple[tuple[int, int, str], ...], str]


def is_version(text: str) -> bool:
    """Whether a release may be called so: a digit first, then small letters too, single . or -."""
    return len(text) <= MAX_VERSION and VERSION.fullmatch(text) is not None


def order(version: str) -> Key:
    """Return the key by which versions follow each other: numbers in them by their size.

    What goes on with a word of _BEFORE comes before what ends there, and what goes on with anything
    else behind it: `1.0-rc1`, `1.0`, `1.0.1`.
    """
    return (*map(_rank, _RUNS.finditer(version)), _END), version


def following(version: str) -> str:
    """Return the version after another: its last number is one more. "" where it has none."""
    match = _NUMBER.search(version)
    if match is None:
        return ""
    number = str(int(match[0]) + 1).zfill(len(match[0]))
    return version[: match.start()] + number + version[match.end() :]


def _rank(run: re.Match[str]) -> tuple[int, int, str]:
    if run[1]:
        return len(_BEFORE) + 2, int(run[1]), ""
    if run[0] in _BEFORE:
        return _BEFORE.index(run[0]), 0, ""
    return len(_BEFORE) + 1, 0, run[0]
