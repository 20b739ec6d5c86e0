"""Characters that look like YAML's signs, and texts that begin with one of them."""

from __future__ import annotations

import re

import pytest

from kgpub.errors import FileProblems
from kgpub.messages import RIGHT_TO_LEFT, said
from kgpub.sources.yaml_tree import read_yaml

from .trees import problem, told

STATEMENTS = """\
article: example

statements:
  - words: نص
    asserts:
      - id: event/election
        participants:
          - {who: person/layla-hasan, role: elected}
          - {who: organisation/council, role: agent}
  - words: آخر
    topic: water-network
  - topic: water-network
    words: |-
      على سطر
    said-by: person/layla-hasan
"""


def read(text: str) -> object:
    return read_yaml(text, FileProblems("f.yaml"))


@pytest.mark.parametrize("dash", "–—‐‑−•·*+")
@pytest.mark.parametrize("space", [" ", "", "\u00a0"])
def test_a_dash_is_told_at_the_item_that_begins_with_it(dash: str, space: str) -> None:
    """Whichever item it is: YAML finds nothing wrong before the next line, or the item itself."""
    lines = STATEMENTS.split("\n")
    for number in (4, 6, 8, 10, 12):
        line = lines[number - 1]
        column = line.index("-") + 1
        slip = f"{line[: column - 1]}{dash}{space}{line[column:].lstrip()}"
        if dash == "*" and not space:
            continue  # an alias, of which it is told that there are none
        text = "\n".join([*lines[: number - 1], slip, *lines[number:]])
        found = told(read, text)
        assert found[:2] == (number, column), f"{slip!r}: {found}"
        assert "no hyphen begins this item, but" in found[2] and f"U+{ord(dash):04X}" in found[2]
        assert f": - {line[column:].strip()}" in found[2]


@pytest.mark.parametrize(
    "text",
    [
        # To mend these would change nothing: they stand in a text.
        "words: he said\n  – no: yes\n",
        "a:\n  – b\n  c: d\n",
        "a: b\n– c\nd: e\n",
    ],
)
def test_a_dash_in_a_text_is_not_to_blame(text: str) -> None:
    assert "hyphen" not in told(read, text)[2]


@pytest.mark.parametrize(
    ("text", "line", "column", "fragment"),
    [
        (
            "#\narticle： example\n\npeople:\n  a: b\n",
            2,
            8,
            "no colon stands behind the key, but FULLWIDTH COLON (U+FF1A) Write a colon and "
            "a space after the key: article: example",
        ),
        ("article، example\n\npeople: b\n", 1, 8, "but ARABIC COMMA (U+060C) Write"),
        ("article = example\npeople: b\n", 1, 9, "but EQUALS SIGN (U+003D) Write"),
        ("article=example\npeople: b\n", 1, 8, "after the key: article: example"),
        ("a: b\narticle ; example\n", 2, 9, "after the key: article: example"),
        ("a: b\narticle：\n  c: d\n", 2, 8, "after the key: article:"),
        ("- who： x\n  role: y\n", 1, 6, "after the key: who: x"),
        ('"article"： "example"\npeople: b\n', 1, 10, "FULLWIDTH COLON (U+FF1A)"),
        # No space behind the colon, though there may seem to be one.
        (
            "a: b\ntopic:\u200cwater\n",
            2,
            7,
            "no space stands behind the colon, but ZERO WIDTH NON-JOINER (U+200C), invisible, "
            "keeps letters apart Write a space after the colon: topic: water",
        ),
        ("a: b\ntopic:\u200f water\n", 2, 7, "RIGHT-TO-LEFT MARK (U+200F)"),
        ("a: b\ntopic:\u00a0water\n", 2, 7, "NO-BREAK SPACE (U+00A0)"),
        # A comma as in JSON, without JSON's brackets.
        ('"article": "example",\n"a": "b"\n', 1, 21, "outside of brackets a comma parts nothing"),
        ("a: 'b', c: 'd'\n", 1, 7, "Remove the comma; each key stands on a line of its own."),
        ('a: "b", c\n', 1, 7, 'Inside double quotes write \\"'),
        # A sign of YAML.
        *(
            (f"a:\n  words: {begin}نص\n", 2, 10, f"a text begins with {begin[0]} only in quot")
            for begin in ("| ", "|", ">", "!", "!!", "!<", "&", "*", "@", "%", "`")
        ),
    ],
)
def test_a_sign_is_told_where_it_stands(text: str, line: int, column: int, fragment: str) -> None:
    found_line, found_column, message = told(read, text)
    assert fragment in message
    assert (found_line, found_column) == (line, column)


@pytest.mark.parametrize("end", ["\u200f", "\u200c", "\u00a0"])
def test_what_is_advised_begins_and_ends_with_what_is_seen(end: str) -> None:
    message = told(read, f"a: b\ntopic:{end} wa\u200cter{end}\n")[2]
    assert message.endswith(": topic: wa\u200cter")


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
@pytest.mark.parametrize(
    "text",
    [
        # What is written by mistake.
        *(
            "– a: b\n  c: d",
            "a:\n  - b\n  – c",
            "a： b\nc: d",
            "a:\u200cb\nc: d",
            '"a": "b",\n"c": "d"',
        ),
        *("a: |نص", "a: >نص", "a: | نص", "a: !نص", "a: !!نص", "a: &نص", "a: @نص"),
        # What is not, found by trying the signs of YAML in any order; of all that libyaml says.
        *("%ff", "!!", "!%c3", "%TAG", "%YAML", "%YAML 1", "!]", "!<0", "!%ff", "!%c3%ff", "!a!!"),
        *("{-:?", "%ff:", ">>", "%TAG ! %g\n", "%TAG !a", "%YAML 1.1\n%YAML 1.1\n", "%YAML 1.10"),
        *("%TAG !a! b\n%TAG !a! b\n---", "%YAML 1.9999999999\n---", "|0", "? a\n%", "%TAG !"),
    ],
)
def test_all_of_it_is_told_in_the_language_of_the_reader(text: str, language: str) -> None:
    only = problem(read, text)
    shown = f"{only.message.text(language)} {said(only.remedy, language)}"
    words = re.sub("\u2068[^\u2069]*\u2069", "", shown)
    assert set(re.findall("[A-Za-z]+", words)) <= {"YAML", "UTF", "U"}, shown


def test_a_directive_is_to_be_removed() -> None:
    for text in ("%FOO\n---\na: b", "%YAML 2.0\n---\na: b", "%TAG x"):
        assert told(read, text)[2].endswith("Remove it.")
