"""What the submitter wrote at a place: the line, and which part of it is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

MAX_BEFORE, MAX_PART, MAX_AFTER = 40, 160, 40
"""Code points of a line that are shown before, of and after what is meant."""

_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
_SINGLE_QUOTED = re.compile(r"'(?:[^']|'')*'?")
_QUOTED_CELL = re.compile(r'"(?:[^"]|"")*"?')
# A no-break space parts nothing in YAML (1.1, sections 4.1.5 and 9.1.3).
_PLAIN = re.compile(r"(?:(?!:(?:[ \t]|$)|[ \t]#).)*")
_PLAIN_IN_FLOW = re.compile(r"(?:(?!:(?:[ \t]|$)|[ \t]#)[^,\[\]{}])*")
_ONE_CHARACTER = re.compile(".")
_ENDS_TEXT = re.compile(r"(?<=[\w\"'])\Z")
_BLOCK_SCALAR = re.compile(r"[|>][-+0-9]*")
_OPENING = re.compile(r"[\[{]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')
_TOKEN = re.compile(
    r"""<[^>\s]*>|"(?:[^"\\]|\\.)*"[^\s;,.]*|'(?:[^'\\]|\\.)*'[^\s;,.]*|[^\s;,\[\]()]+"""
)
_MARKED_UP = re.compile(r"""<[^\s>]*>?|"[^"]*"?|'[^']*'?|[^<]*""")
_TABLES = {".csv": ",", ".tsv": "\t"}
_XML = (".rdf", ".owl", ".xml")
_COMPRESSED = (".gz", ".zst")
_COMMAS = "،؛，、"
"""What takes the place of a comma by mistake; no text begins with it behind a letter."""
_TREES = (".yaml", ".yml", ".json", ".jsonld", ".toml")


@dataclass(frozen=True)
class Excerpt:
    """A line of a file in three parts, the one in the middle being what is meant.

    `clipped_before` and `clipped_after` say whether more of the line stands there. The line of an
    article, `is_prose`, runs as its first letter says, any other from left to right: in a notation,
    a key stands left of its value, in whatever script that is.
    """

    before: str
    part: str
    after: str
    clipped_before: bool = False
    clipped_after: bool = False
    is_prose: bool = False

    @classmethod
    def of(cls, file: str, line: str, column: int) -> Excerpt:
        """Return what stands at `column`, in code points from 1, of a `line` of `file`."""
        start = min(max(column - 1, 0), len(line))
        end = part_end(file, line, start)
        first, last = max(0, start - MAX_BEFORE), min(len(line), end + MAX_AFTER)
        return cls(
            line[first:start],
            line[start : min(end, start + MAX_PART)],
            line[end:last] if end <= start + MAX_PART else "",
            first > 0,
            last < len(line) or end > start + MAX_PART,
            PurePath(file).suffix.lower() == ".txt",
        )


def part_end(file: str, line: str, start: int) -> int:
    """Return where in `line` the value that begins at `start` ends: indices of code points.

    Which rules hold, the ending of the file's name tells. A value that goes on over several lines
    ends with the line.
    """
    path = PurePath(file.lower())
    suffix = path.with_suffix("").suffix if path.suffix in _COMPRESSED else path.suffix
    if suffix in _TABLES:
        pattern = _cell(line, start, _TABLES[suffix])
    elif suffix in _TREES:
        pattern = _scalar(line, start)
    elif suffix in _XML:
        pattern = _MARKED_UP
    else:
        pattern = _TOKEN
    match = pattern.match(line, start)
    end = match.end() if match else start
    while end > start and line[end - 1].isspace():
        end -= 1
    return end if end > start else min(start + 1, len(line))


def _cell(line: str, start: int, separator: str) -> re.Pattern[str]:
    if line.startswith('"', start):
        return _QUOTED_CELL
    separators = separator if separator in line else ";\t"
    return re.compile(f"[^{separators}]*")


def _scalar(line: str, start: int) -> re.Pattern[str]:
    character = line[start : start + 1]
    if character.isspace() or (character in _COMMAS and _ENDS_TEXT.search(line, 0, start)):
        return _ONE_CHARACTER
    if character == '"':
        return _DOUBLE_QUOTED
    if character == "'":
        return _SINGLE_QUOTED
    if character in ("[", "{"):
        return _OPENING
    if character in ("|", ">"):
        return _BLOCK_SCALAR
    before = _QUOTED.sub("", line[:start])
    opened = sum(before.count(each) for each in "[{") - sum(before.count(each) for each in "]}")
    return _PLAIN_IN_FLOW if opened > 0 else _PLAIN
