"""Where mistakes in YAML are told: where they were made, which libyaml mostly finds out later."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from kgpub.errors import FileProblems, SubmissionErrors
from kgpub.messages import RIGHT_TO_LEFT, said
from kgpub.sources.yaml_tree import read_yaml

from .trees import problem, told

RIGHT = """\
article: example

people:
  layla-hasan: {name: {ar: ليلى حسن, en: Layla Hasan}}
  salim-omar: {name: {ar: سالم عمر, en: Salim Omar}, kind: [a, b]}
offices:
  mayor:
    name: {ar: رئيس بلدية الواحة, en: Mayor}
    single-holder: true

statements:
  - words: انتخب مجلس بلدية الواحة، يوم الأحد
    asserts:
      - id: event/election
        type: Event
        participants:
          - {who: person/layla-hasan, role: elected}
          - {who: organisation/council, role: agent}
      - {type: Tenure, person: layla-hasan, office: mayor}
  - words: سنبدأ بإصلاح شبكة المياه
    introduced-by: وقالت حسن
    said-by: person/layla-hasan
    topic: water-network
"""


def read(text: str) -> object:
    return read_yaml(text, FileProblems("f.yaml"))


def slips(line: str) -> Iterator[tuple[str, str]]:
    """What may go wrong in a line of RIGHT, with what must be told of it."""
    if line.endswith(("}", "]")):
        yield line[:-1], "that opens here is not closed"
    key = re.fullmatch("( *(?:- )?[a-z-]+): (.*)", line)
    if key is not None:
        yield f"{key[1]}:{key[2]}", "no space after the colon"
        yield f"{key[1]} {key[2]}", "no colon after the key"
        if not key[2].startswith("{"):
            yield f'{key[1]}: "{key[2]}', "quotation mark"
            yield f"{key[1]}: '{key[2]}", "quotation mark"
            yield f"{key[1]}: [{key[2]}", "bracket [ that opens here"
    elif line.endswith(":"):
        yield line[:-1], "no colon after the key"
    if line.startswith("  "):
        yield f"\t{line.lstrip()}", "TAB (U+0009)"
        yield f"\u00a0{line[1:]}", "NO-BREAK SPACE (U+00A0)"
        yield f"  \u3000{line[3:]}", "IDEOGRAPHIC SPACE (U+3000)"
    for comma in re.finditer(", (?=[a-z]+:)", line):
        yield f"{line[: comma.start()]}، {line[comma.end() :]}", "ARABIC COMMA (U+060C)"


def test_each_slip_is_told_at_its_line() -> None:
    """The line is known, since the slip was made there; some slips are YAML, of another sense."""
    read(RIGHT)
    lines = RIGHT.split("\n")
    seen = 0
    for number, line in enumerate(lines, 1):
        for slip, fragment in slips(line):
            text = "\n".join([*lines[: number - 1], slip, *lines[number:]])
            problems = FileProblems("f.yaml")
            try:
                read_yaml(text, problems)
            except SubmissionErrors:
                found_line, _, message = told(read, text)
                assert found_line == number, f"{slip!r}: line {found_line}: {message}"
                assert fragment in message, f"{slip!r}: {message}"
                seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    ("text", "line", "column", "fragment"),
    [
        # A quotation mark.
        ('a: 1\nb: "نص\nc: d\n', 2, 4, 'the quotation mark " that opens here is not closed'),
        ("b: 'نص\n---\nc: d\n", 1, 4, "the quotation mark ' that opens here is not closed"),
        ('a: "نص\nb: "نص آخر"\n', 1, 4, "is closed only at line 2"),
        ('{a: "x, b: y}\nc: {d: "z"}\n', 1, 5, "is closed only at line 2"),
        ('a: "قالت: "نعم""\n', 1, 12, 'Inside double quotes write \\" for'),
        ("a: 'it's'\n", 1, 8, "Inside single quotes write '' for"),
        ('a: "نص" آخر\nb: c\n', 1, 9, 'Inside double quotes write \\" for'),
        ('a: b\nSee {1}: "a" b\n', 2, 14, 'Inside double quotes write \\" for'),
        # A bracket: the innermost that is open.
        ("a: {b: {c: d}\ne: f\n", 1, 4, "the bracket { that opens here is not closed Write }"),
        ("a: {b: [c, d\ne: f\n", 1, 8, "the bracket [ that opens here is not closed Write ]"),
        ("a:\n  - {b: c\n  - {b: d}\n", 2, 5, "the bracket { that opens here"),
        ("a:\n  - b: [c\n    d: e\n", 2, 8, "the bracket [ that opens here"),
        ("a: [b,\n", 1, 4, "the bracket [ that opens here"),
        ("a: [\n {a: b\n {c: d}\n]\n", 2, 2, "the bracket { that opens here"),
        # No bracket: a comma is missing where libyaml says so.
        ("a: {b: c d: e}\n", 1, 11, "did not find expected ',' or '}'"),
        ("- {b: c,\n   d: e f: g}\n", 2, 10, "did not find expected ',' or '}'"),
        ('{\n"a": 1\n"b": 2\n}\n', 3, 4, "did not find expected ',' or '}'"),
        ("a: [\n{b: c}\n{d: e}\n]\n", 3, 1, "did not find expected ',' or ']'"),
        ('{a: "b" c: d}\n', 1, 9, "did not find expected ',' or '}'"),
        # A key.
        (
            "a: b\nsaid-by:person/x\nc: d\n",
            2,
            1,
            "Write a space after the colon: said-by: person/x",
        ),
        ("a:b\nc: d\n", 1, 1, "Write a space after the colon: a: b"),
        ("- a:b\n  c: d\n", 1, 3, "Write a space after the colon: a: b"),
        ("a: b\npublisher x\n", 2, 1, "Write a colon and a space after the key: publisher: x"),
        ("people\n  x: y\n", 1, 1, "Write a colon and a space after the key: people:"),
        (
            "a: b\nname:{ar: x, en: y}\n",
            2,
            1,
            "Write a space after the colon: name: {ar: x, en: y}",
        ),
        ("a: b\nنص بلا مفتاح\nc: d\n", 2, 1, "could not find expected ':' Mind the indentation"),
        ("a: b\n  c: d\n", 2, 3, "mapping values are not allowed in this context"),
        ("- a: b\n-c: d\n", 2, 1, "Write a space after the hyphen: - c: d"),
        ("a:\n  - b\n  -c\nd: e\n", 3, 3, "Write a space after the hyphen: - c"),
        # No key: text before brackets within text.
        ("a: b\nFoo [bar]: x: y\n", 2, 13, "mapping values are not allowed in this context"),
        # What is no space, or no comma.
        ("a:\n\tb: c\n", 2, 1, "the indentation holds TAB (U+0009) Indent with spaces"),
        ("a:\n  - b\n\t- c\n", 3, 1, "TAB (U+0009)"),
        ("a: |\n\tb\n", 2, 1, "TAB (U+0009)"),
        ("-\tb: c\n", 1, 2, "TAB (U+0009)"),
        ("a:\n  b: c\n\u00a0 d: e\nf: g\n  h: i\n", 5, 3, "mapping values are not allowed"),
        ("a:\n  b: c\n\u00a0 d: e\n  f: g\n", 3, 1, "NO-BREAK SPACE (U+00A0), a space that does"),
        ("a:\n  b: c\n\u200b d: e\n  f: g\n", 3, 1, "ZERO WIDTH SPACE (U+200B)"),
        ("a:\n  b: c\n\u200f  d: e\n  f: g\n", 3, 1, "RIGHT-TO-LEFT MARK (U+200F)"),
        ("a: b\n\u00a0 c\nd: e\n", 2, 1, "NO-BREAK SPACE (U+00A0)"),
        # Of two lines that must both be mended, the first.
        ("a:\n  b: c\n\u00a0 d: e\n\u00a0 f: g\n  h: i\n", 3, 1, "NO-BREAK SPACE (U+00A0)"),
        # Such a character in a text, before a text or a key, which is not why.
        ("a: |-\n  \u00a0Note: x\nb: c: d\n", 3, 5, "mapping values are not allowed"),
        ("a: >\n  x\n\n  \u200fNote: x\nb: c: d\n", 5, 5, "mapping values are not allowed"),
        ('a: "x\n  \u00a0Note: x"\nb: c: d\n', 3, 5, "mapping values are not allowed"),
        ("a: b\n  \u200fc: d\n", 2, 3, "mapping values are not allowed"),
        ("a: b\n\u200fنص\nc: d\n", 2, 1, "could not find expected ':'"),
        ('a: {b:\n \u200fعلي "حسن" x: y}\n', 2, 14, "did not find expected ',' or '}'"),
        ("a:\n  b: c\n\u00a0 d: e\n\u200ff: g\nh: i\n  j: k\n", 6, 3, "mapping values"),
        ("{ar: نعم، en: yes}\n", 1, 9, "ARABIC COMMA (U+060C) does not separate entries"),
        ('{ar: "نعم"، en: yes}\n', 1, 11, "ARABIC COMMA (U+060C)"),
        ("{ar: نعم, ckb: بەڵێ؛ en: yes}\n", 1, 20, "ARABIC SEMICOLON (U+061B)"),
        # A comma of the text itself, and one that is missing behind it.
        ("{ar: نعم، كلا en: yes}\n", 1, 17, "did not find expected ',' or '}'"),
    ],
)
def test_a_mistake_is_told_where_it_was_made(
    text: str, line: int, column: int, fragment: str
) -> None:
    found_line, found_column, message = told(read, text)
    assert fragment in message
    assert (found_line, found_column) == (line, column)


@pytest.mark.parametrize("end", ["\r\n", "\x85\n", "\u2028\n"])
def test_places_are_those_of_editors_whatever_ends_lines(end: str) -> None:
    text = f"a: 'x{end}'\nb: {{c: d{end}e: f\n"
    assert told(read, text)[:2] == (3, 4)


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
@pytest.mark.parametrize(
    "text",
    [
        *('a: "x', 'a: "x\nb: "y"', 'a: "b"c', "a: 'b'c", "a: {b", "a: [b", "- b\n-c"),
        *("a: b\nc", "a:b\nc: d", "a:\n\tb", "{a: b، c: d}", "a:\n  b: c\n\u00a0d: e\n  f: g"),
    ],
)
def test_mistakes_are_told_in_the_language_of_the_reader(text: str, language: str) -> None:
    only = problem(read, text)
    shown = f"{only.message.text(language)} {said(only.remedy, language)}"
    words = re.sub("\u2068[^\u2069]*\u2069", "", shown)
    assert set(re.findall("[A-Za-z]+", words)) <= {"YAML"}


@pytest.mark.parametrize(
    "text",
    [
        "a: [\n" * 15 + "b\n" * 400_000,
        '"' + "a: b\n" * 400_000,
        "a: b\n" * 200_000 + "c: d: e",
        "{" + "a: b، c, " * 100_000 + "d: e f: g}",
        "\u00a0x\n" * 300_000 + "a: {",
        "a:\n  b: c\n" + "\u00a0 d: e\n" * 100_000 + "  f: g\n",
        " [" + "\u200ea, " * 200_000 + "b c: d e: f]",
    ],
)
def test_a_long_text_is_told_of_in_time_that_grows_with_it(text: str) -> None:
    began = time.process_time()
    problem(read, text)
    assert time.process_time() - began < 20
