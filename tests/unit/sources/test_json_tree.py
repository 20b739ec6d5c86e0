"""JSON trees against the standard library's `json`."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.processor import growth

from kgpub.errors import SubmissionErrors
from kgpub.model.tree import Fields, Items, Scalar
from kgpub.sources.json_tree import read_json
from kgpub.sources.yaml_tree import MAX_DEPTH

from .trees import nodes, offset, plain, told

KEPT = {"parse_int": str, "parse_float": str}
"""So that `json` leaves numbers as they are written, as trees do."""


def _as_texts(value: Any) -> Any:
    """What `json` read, with its literals as the texts that a tree has for them."""
    if isinstance(value, list):
        return [_as_texts(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_texts(part) for key, part in value.items()}
    literals = {True: "true", False: "false", None: ""}
    return value if isinstance(value, str) else literals[value]


def _reference(text: str) -> Any:
    return json.loads(text, **KEPT)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=10),
    st.sampled_from(["😀", "\u2028", '"\\/\b\f\n\r\t', "\x00", "\ufeff"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=5), inner)
    ),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 0, 2, "\t"]))
def test_any_json_is_read_as_the_standard_library_reads_it(
    value: Any, escaped: bool, indent: int | str | None
) -> None:
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    assert plain(read_json(text, "f.json")) == _as_texts(_reference(text))


@settings(max_examples=200, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 0, 2, "\t"]))
def test_the_json_at_the_position_of_a_value_is_that_value(
    value: Any, escaped: bool, indent: int | str | None
) -> None:
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    decoder = json.JSONDecoder(**KEPT)
    for node in nodes(read_json(text, "f.json")):
        found, _ = decoder.raw_decode(text, offset(text, node.line, node.column))
        assert plain(node) == _as_texts(found)


def test_positions_count_lines_and_characters() -> None:
    tree = read_json('{"😀": ["ك",\r\n  "ي", {\n"x":\t1}]}', "f.json")
    assert [
        (type(node), node.text if isinstance(node, Scalar) else "", node.line, node.column)
        for node in nodes(tree)
    ] == [
        (Fields, "", 1, 1),
        (Scalar, "😀", 1, 2),
        (Items, "", 1, 7),
        (Scalar, "ك", 1, 8),
        (Scalar, "ي", 2, 3),
        (Fields, "", 2, 8),
        (Scalar, "x", 3, 1),
        (Scalar, "1", 3, 6),
    ]


ALPHABET = '{}[],:"\\/truefalsn0123456789.+-eEu \t\n\r\x00\x0b\ufeffك😀'


@settings(max_examples=400, deadline=None)
@given(st.text(ALPHABET, max_size=20) | st.text(max_size=15))
def test_any_text_is_refused_where_the_standard_library_refuses_it(text: str) -> None:
    _same_verdict(text.encode("utf-8", "ignore").decode())


@settings(max_examples=300, deadline=None)
@given(VALUES, st.data())
def test_json_with_a_mistake_is_refused_where_the_standard_library_refuses_it(
    value: Any, data: st.DataObject
) -> None:
    text = json.dumps(value)
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 2))
    inserted = data.draw(st.text(ALPHABET, max_size=2))
    _same_verdict(text[:at] + inserted + text[at + length :])


def _same_verdict(text: str) -> None:
    """Both read it alike, or both refuse it; only ours refuses repeated keys and the like."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    def no_constant(name: str) -> Any:
        raise ValueError(name)  # NaN and Infinity are not JSON (RFC 8259, section 6)

    try:
        expected = json.loads(text, **KEPT, object_pairs_hook=unique, parse_constant=no_constant)
        json.dumps(expected, ensure_ascii=False).encode()  # fails for unpaired surrogates
    except ValueError:
        with pytest.raises(SubmissionErrors):
            read_json(text, "f.json")
    else:
        assert plain(read_json(text, "f.json")) == _as_texts(expected)


@pytest.mark.parametrize(
    ("text", "line", "column", "fragment"),
    [
        ("", 1, 1, "a value is expected here"),
        (" \n ", 2, 2, "a value is expected here"),
        ("{", 1, 2, "a key in double quotes is expected"),
        ("[1", 1, 3, "',' is expected here"),
        ("[1,]", 1, 4, "a value is expected here"),
        ('{"a":1,}', 1, 8, "a key in double quotes is expected"),
        ("{a:1}", 1, 2, "a key in double quotes is expected"),
        ("{'a':1}", 1, 2, "a key in double quotes is expected"),
        ('{"a" 1}', 1, 6, "':' is expected here"),
        ('{"a":1 "b":2}', 1, 8, "',' is expected here"),
        ("[1 2]", 1, 4, "',' is expected here"),
        ("1 2", 1, 3, "something follows the end of the value"),
        ('{}\n{"a": 1}', 2, 1, "something follows the end of the value"),
        ("[01]", 1, 3, "',' is expected here"),
        ("[NaN]", 1, 2, "a value is expected here"),
        ("[-Infinity]", 1, 2, "a value is expected here"),
        ("[+1]", 1, 2, "a value is expected here"),
        ("[.5]", 1, 2, "a value is expected here"),
        ("// x\n1", 1, 1, "a value is expected here"),
        ("[tru]", 1, 2, "a value is expected here"),
        ("\u00a0[]", 1, 1, "a value is expected here"),
        ('["ك', 1, 2, "Unterminated string"),
        ('["ك\n"]', 1, 4, "Invalid control character"),
        ('["\x00"]', 1, 3, "Invalid control character"),
        ('["\\x41"]', 1, 3, "Invalid"),
        ('["\\u12"]', 1, 4, "Invalid"),
        ('["a", "\\ud800"]', 1, 7, "an unpaired surrogate"),
        ('{"\\udc00\\ud800": 1}', 1, 2, "an unpaired surrogate"),
        ('{"a": 1,\n "ب": 2, "a": 3}', 2, 10, "the key 'a' stands here for the second time"),
        ('{"a": {"b": 1, "\\u0062": 2}}', 1, 16, "the key 'b' stands here for the second time"),
    ],
)
def test_what_is_not_json_is_told_at_its_place(
    text: str, line: int, column: int, fragment: str
) -> None:
    found_line, found_column, message = told(read_json, text, "f.json")
    assert fragment in message
    assert (found_line, found_column) == (line, column)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert plain(read_json('["\\ud83d\\ude00", "\\u0643"]', "f.json")) == ["😀", "ك"]


def test_numbers_of_any_size_stay_their_text() -> None:
    digits = "9" * 1_000_000
    began = time.process_time()
    assert plain(read_json(f"[{digits}, 1e999999999, -0.0, 2016.0]", "f.json")) == [
        digits,
        "1e999999999",
        "-0.0",
        "2016.0",
    ]
    assert time.process_time() - began < 5


def test_twenty_levels_are_read_and_no_more() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    read_json(deep, "f.json")
    line, column, message = told(read_json, f"[{deep}]", "f.json")
    assert (line, column) == (1, MAX_DEPTH + 1)
    assert "more than 20 levels inside each other" in message


@pytest.mark.parametrize("text", ["[", '{"a":', '[{"a":'])
def test_hundred_thousand_levels_are_a_problem_like_others(text: str) -> None:
    began = time.process_time()
    assert "more than 20 levels" in told(read_json, text * 100_000, "f.json")[2]
    assert time.process_time() - began < 5


def test_a_wide_file_takes_time_that_grows_with_it() -> None:
    def text(count: int) -> str:
        return json.dumps([{"k": ["v", i]} for i in range(count)], indent=1)

    def read(text: str) -> int:
        return sum(1 for _ in nodes(read_json(text, "f.json")))

    few, many = text(2_000), text(20_000)
    assert read(many) == 5 * 20_000 + 1
    assert growth(lambda: read(few), lambda: read(many)) < 40  # its square would be 100


def test_names_that_mean_something_elsewhere_are_keys_like_others() -> None:
    keys = ["__proto__", "constructor", "__class__", "$ref", "", "\u0000", "toString"]
    assert plain(read_json(json.dumps(dict.fromkeys(keys, "x")), "f.json")) == dict.fromkeys(
        keys, "x"
    )
