"""YAML trees against PyYAML's own composer, which is written in Python and shares no code."""

from __future__ import annotations

import pickle
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kgpub.errors import FileProblems, SubmissionErrors
from kgpub.messages import RIGHT_TO_LEFT, said
from kgpub.model.tree import Scalar, Tree
from kgpub.sources import yaml_tree
from kgpub.sources.yaml_tree import MAX_DEPTH

from .trees import nodes, offset, plain, problem, told, whole


def read_yaml(text: str, file: str) -> Tree:
    """The tree of a text in which nothing is wrong."""
    return whole(yaml_tree.read_yaml, text, file)


class _PyYaml(yaml.BaseLoader):
    """PyYAML's reader, without the line break that block texts end in by default."""

    def construct_scalar(self, node: yaml.Node) -> str:
        return _ended(node)


def _ended(node: Any) -> str:
    header = node.start_mark.buffer[node.start_mark.pointer :].split("\n")[0].split("#")[0]
    text: str = node.value
    return text.removesuffix("\n") if node.style in ("|", ">") and "+" not in header else text


def _composed(text: str) -> list[tuple[str | None, int, int]]:
    """Text (of scalars), line and column of each node by PyYAML's composer."""

    def walk(node: yaml.Node) -> list[tuple[str | None, int, int]]:
        mark = node.start_mark
        text = _ended(node) if isinstance(node, yaml.ScalarNode) else None
        found = [(text, mark.line + 1, mark.column + 1)]
        for part in node.value if not isinstance(node, yaml.ScalarNode) else ():
            for child in part if isinstance(part, tuple) else (part,):
                found += walk(child)
        return found

    return walk(yaml.compose(text, Loader=yaml.BaseLoader))


def _ours(text: str) -> list[tuple[str | None, int, int]]:
    return [
        (node.text if isinstance(node, Scalar) else None, node.line, node.column)
        for node in nodes(read_yaml(text, "f.yaml"))
    ]


SAMPLE = """\
# A comment, ثم تعليق
article: خبر
empty:
quoted: 'it''s' # why
escaped: "a\\tb \\u0643 \\U0001F600"
"key in quotes": {flow: [1, 2016-01-01, no, ~, 0o17], 'ع': [], e: {}}
folded: >-
  سطر
  آخر
literal: |
  سطر: ليس مفتاحا
    # ولا تعليق
several
lines: x
list:
- plain text, with: colon
- - nested
  - 😀 after an emoji
-
- key: value
  other: value
? explicit
: value
"""


def test_every_style_of_yaml_is_read_as_pyyaml_reads_it() -> None:
    sample = SAMPLE.replace("several\n", "").replace("with: colon", "with:colon")
    sample = sample.replace("~", "none")
    assert plain(read_yaml(sample, "f.yaml")) == yaml.load(sample, _PyYaml)
    assert _ours(sample) == _composed(sample)
    assert len(_ours(sample)) > 40


def test_scalars_stay_what_was_written() -> None:
    text = "[2016, 2016.0, no, True, 0x1F, 1e3, 2020-05-07, 12:30:45, .inf, <<, =]"
    written = [part.strip() for part in text[1:-1].split(",")]
    assert plain(read_yaml(text, "f.yaml")) == written


@pytest.mark.parametrize("written", ["null", "Null", "NULL", "~"])
def test_null_is_no_value_and_in_quotes_a_text(written: str) -> None:
    """Whether PyYAML's resolver of YAML 1.1 takes it for null decides."""
    assert yaml.safe_load(written) is None
    tree = read_yaml(f"{{a: {written}, b: '{written}', c: \"{written}\", {written}: d}}", "f.yaml")
    assert plain(tree) == {"a": "", "b": written, "c": written, written: "d"}
    assert plain(read_yaml(f"a: {written}x", "f.yaml")) == {"a": f"{written}x"}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        # YAML 1.1, section 9.1.1.2: strip "-", clip by default, keep "+".
        ("|-\n  x\n  y\n", "x\ny"),
        ("|\n  x\n  y\n", "x\ny"),
        ("|\n  x\n  y\n\n\n", "x\ny"),
        (">\n  x\n  y\n", "x y"),
        ("> # one + one\n  x\n", "x"),
        ("|+\n  x\n", "x\n"),
        (">+\n  x\n\n", "x\n\n"),
        ("|1+\n   x\n", "  x\n"),
        ("|+1\n   x\n", "  x\n"),
        ("|1\n   x\n", "  x"),
        ("|\n  x", "x"),
        ("|\n  x\u2029", "x"),
        ('"x\\n"', "x\n"),
        ("|\n  x \n", "x "),
        ("|\n\n  x\n", "\nx"),
    ],
)
def test_the_line_break_that_yaml_adds_to_a_block_text_is_no_part_of_it(
    written: str, text: str
) -> None:
    assert plain(read_yaml(f"a: {written}", "f.yaml")) == {"a": text}


TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc")),
        st.sampled_from("\n\t :#-?,[]{}&*!|>'\"%@`\\كىيهـ\u200c\u200f😀"),
    ),
    max_size=12,
)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(TEXTS, TREES, max_size=3),
    st.sampled_from([True, False, None]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.booleans(),
    st.sampled_from([20, 80, 1000]),
)
def test_any_tree_is_read_as_pyyaml_reads_it(
    tree: dict[str, Any], flow: bool | None, style: str | None, unicode: bool, width: int
) -> None:
    text = yaml.dump(
        tree,
        Dumper=yaml.SafeDumper,
        default_flow_style=flow,
        default_style=style,
        allow_unicode=unicode,
        width=width,
    ).replace("!!str ", "")
    try:
        expected = _composed(text)
    except yaml.YAMLError:
        return  # what PyYAML writes and does not read
    assert _ours(text) == expected
    assert plain(read_yaml(text, "f.yaml")) == yaml.load(text, _PyYaml)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.from_regex("[a-z]{1,5}", fullmatch=True), st.lists(TREES, max_size=3)))
def test_the_text_at_the_position_of_a_value_is_that_value(tree: dict[str, Any]) -> None:
    """Double-quoted, so that the value is read from its position by reading YAML from there."""
    text = yaml.safe_dump(tree, default_style='"', width=10**6, allow_unicode=True)
    text = text.replace("!!str ", "")
    for node in nodes(read_yaml(text, "f.yaml")):
        start = offset(text, node.line, node.column)
        if isinstance(node, Scalar):
            assert text[start] == '"'
            assert next(_scalars(text[start:])) == node.text


def _scalars(text: str) -> Iterator[str]:
    return (token.value for token in yaml.scan(text) if isinstance(token, yaml.ScalarToken))


ALPHABET = "ab:-?,[]{}&*!|>'\"%@`#\\ \t\n\r\x00\x85\u2028\u2029\ufeff\u202eك😀~.<=0"


@settings(max_examples=300, deadline=None)
@given(st.text(ALPHABET, max_size=40) | st.text(max_size=20))
def test_any_text_is_a_tree_or_a_problem(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    try:
        tree = read_yaml(text, "f.yaml")
    except SubmissionErrors as errors:
        for each in errors.problems:
            assert each.place.file == "f.yaml"
            assert each.place.line >= 1 and each.place.column >= 1
    else:
        assert plain(tree) is not None


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_lines_end_where_they_do_in_editors(end: str) -> None:
    """YAML 1.1 ends lines at these too, and pasted texts have them."""
    text = f'a: "x{end}y" \nb: [1]{end}{end}\nc: {{d: 1, b: *a}}'
    assert told(read_yaml, text, "f.yaml")[:2] == (3, 14)
    assert told(read_yaml, text.replace("*a", "]"), "f.yaml")[:2] == (3, 14)
    lines = text.split("\n")
    for node in nodes(read_yaml(text.replace("*a", "2"), "f.yaml")):
        if isinstance(node, Scalar):
            shown = lines[node.line - 1].replace("*a", "2")[node.column - 1 :]
            assert shown.removeprefix('"').startswith(node.text[0])


def test_a_class_that_is_told_very_often_makes_no_deep_tree() -> None:
    problems = FileProblems("f.yaml")
    tree = yaml_tree.read_yaml("type: A\n" + "type: B\n" * 5_000, problems)
    assert pickle.loads(pickle.dumps(tree)) == tree
    assert problems.problems[0].code == "key-repeated"


def test_aliases_are_not_followed_however_they_multiply() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n"
        for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    began = time.process_time()
    with pytest.raises(SubmissionErrors) as caught:
        read_yaml(bomb, "f.yaml")
    # An anchor on each of the ten lines, and ten aliases on all but the first.
    assert Counter(each.place.line for each in caught.value.problems) == {
        1: 1, **dict.fromkeys(range(2, 11), 11)
    }  # fmt: skip
    assert {each.message.code for each in caught.value.problems} == {"no-aliases"}
    assert "Write the value out where it is needed" in str(caught.value.problems[0].remedy)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "line", "column", "fragment"),
    [
        ("a: &x 1", 1, 4, "anchors and aliases"),
        ("&x a: 1", 1, 1, "anchors and aliases"),
        ("a: 1\nb: *a", 2, 4, "anchors and aliases"),
        ("<<: *a", 1, 5, "anchors and aliases"),
        ("a: !!python/object/apply:os.system [id]", 1, 4, "python/object/apply:os.system is not"),
        ("a: !!python/name:os.system", 1, 4, "the tag tag:yaml.org,2002:python/name:os.system"),
        ("a: !local x", 1, 4, "the tag !local is not allowed Remove it."),
        ("a: !!str x", 1, 4, "the tag tag:yaml.org,2002:str is not allowed"),
        ("!!omap\na: 1", 1, 1, "the tag"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document begins here One file, one submission."),
        ("--- a\n--- b\n", 2, 1, "a second document begins here"),
        ("a: 1\nب: 2\na: 3", 3, 1, "the key 'a' stands here for the second time It already"),
        ("a: 1\nب: 2\na: 3", 3, 1, "stands at line 1: join the two."),
        ("{a: {b: 1,\n 'b': 2}}", 2, 2, "the key 'b' stands here for the second time"),
        ("{a: 1, ? a : 2}", 1, 10, "the key 'a' stands here"),
        ("? [a]\n: 1", 1, 3, "a key must be a plain word"),
        ("{{a: b}: c}", 1, 2, "a key must be a plain word"),
        ("", 1, 1, "the file is empty"),
        ("  \n\n", 1, 1, "the file is empty"),
        ("# only a comment\n", 1, 1, "the file is empty"),
        ("a:\n\t- b", 2, 1, "not readable as YAML"),
        ("a: b: c", 1, 5, "mapping values are not allowed in this context Mind the indentation"),
        ("a: [1, 2\n", 1, 4, "not readable as YAML"),
        ("a: 'x", 1, 4, "not readable as YAML"),
        ("a: `x`", 1, 4, "not readable as YAML"),
        ('a: "\\q"', 1, 5, "found unknown escape character In double quotes \\ begins an escape"),
        ('a: "\\ud800"', 1, 7, "Unicode character escape code In double quotes \\ begins"),
        ('a: "\\xk"', 1, 7, "hexdecimal number In double quotes \\ begins an escape"),
        ("%FOO\n---\na: 1", 1, 5, "not readable as YAML"),
        # Columns count characters, not bytes: كاظمي is ten bytes.
        ("كاظمي: \x00", 1, 8, "U+0000 control characters are not allowed"),
        ('a: 1\nكاظمي: "نص \x07"', 2, 12, "U+0007"),
        ("😀: x\x1b[31m", 1, 5, "U+001B"),
        ("a: x\x7f", 1, 5, "U+007F"),
        ("كاظمي: `", 1, 8, "not readable as YAML"),
        ("كاظمي: 1\nكاظمي: 2", 2, 1, "the key 'كاظمي' stands here for the second time"),
    ],
)
def test_what_a_submission_may_not_hold_is_told_at_its_place(
    text: str, line: int, column: int, fragment: str
) -> None:
    found_line, found_column, message = told(read_yaml, text, "f.yaml")
    assert fragment in message
    assert (found_line, found_column) == (line, column)


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
@pytest.mark.parametrize(
    "text",
    ['"\\q"', '"\\ud800"', '"\\U00110000"', '"\\xk"', "*", "*نص", "& x", "'x", "`", "{", "a: b: c"],
)
def test_what_libyaml_says_is_said_in_the_language_of_the_reader(text: str, language: str) -> None:
    only = problem(read_yaml, text, "f.yaml")
    told = f"{only.message.text(language)} {said(only.remedy, language)}"
    words = re.sub("\u2068[^\u2069]*\u2069", "", told)
    assert set(re.findall("[A-Za-z]+", words)) <= {"YAML"}


def _nested(depth: int) -> list[str]:
    block = "\n".join(f"{' ' * level}a:" for level in range(depth))
    return ["[" * depth + "]" * depth, "- " * depth + "x", "{a: " * depth + "}" * depth, block]


def test_twenty_levels_are_read_and_no_more() -> None:
    for text in _nested(MAX_DEPTH):
        read_yaml(text, "f.yaml")
    for text in _nested(MAX_DEPTH + 1):
        assert "more than 20 levels inside each other" in told(read_yaml, text, "f.yaml")[2]


@pytest.mark.parametrize("text", ["[", "- ", "{a: ", "? ", "[{a: "])
def test_hundred_thousand_levels_are_refused_at_once(text: str) -> None:
    began = time.process_time()
    message = told(read_yaml, text * 100_000, "f.yaml")[2]
    assert "levels inside each other" in message or "exceeded maximum nesting depth" in message
    assert time.process_time() - began < 5


@pytest.mark.parametrize("opening", ["[", "{a: ", "[{a: "])
def test_any_depth_is_told_where_the_first_level_too_many_begins(opening: str) -> None:
    brackets = [at for at, each in enumerate(opening * 3_000) if each in "[{"]
    text = f"x:\n {opening * 3_000}"  # x is the first level
    line, column, message = told(read_yaml, text, "f.yaml")
    assert (line, column) == (2, 1 + 1 + brackets[MAX_DEPTH - 1])
    assert "more than 20 levels inside each other" in message


def test_names_that_mean_something_elsewhere_are_keys_like_others() -> None:
    keys = [
        "__proto__",
        "constructor",
        "__class__",
        "$ref",
        "{{x}}",
        "<<",
        "=",
        "",
        "null",
        "\u202e",
    ]
    text = "".join(f'"{key}": x\n' for key in keys)
    assert plain(read_yaml(text, "f.yaml")) == dict.fromkeys(keys, "x")
