"""libyaml, and where its marks are in a text as editors count."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BREAKS_OF_YAML = re.compile("[\x85\u2028\u2029]")
"""Where a line ends for YAML (1.1, section 4.1.4) and for no editor."""
_LINE_BREAK = re.compile("\r\n?|\n")


class Marks:
    """Lines and columns, from 1, of libyaml's marks: as editors count them."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        if _BREAKS_OF_YAML.search(text):
            self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def line_and_column(self, mark: Any) -> tuple[int, int]:
        if not self._starts:
            return mark.line + 1, mark.column + 1
        line = bisect_right(self._starts, mark.index)
        return line, mark.index - self._starts[line - 1] + 1


def lines_of(text: str) -> list[str]:
    """Return the lines of `text` as editors count them."""
    return _LINE_BREAK.split(text)
