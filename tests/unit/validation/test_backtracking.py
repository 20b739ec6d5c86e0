"""Regular expressions that may take exponential time in Python, told from those that do not."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgpub.validation.backtracking import may_explode

EXPLODING = [
    (r"(a+)+$", "a"),
    (r"(a|aa)+$", "a"),
    (r"(.*)*x", "a"),
    (r"(a?a?)*b", "a"),
    (r"(x+x+)+y", "x"),
    (r"(\w+\s?)*$", "a"),
    (r"([a-z]+-?)*$", "a"),
    (r"(?i:(A+a*)+)$", "a"),
    (r"^(?!b)(a*)*$", "a"),
    (r"(a?)(a|\1a)*$", "a"),
    (r"^(?=a)(a|a)*$", "a"),
    (r"^(?:a|b|ab)*$", "ab"),
    (r"^(?:,(?:\d+|\d\d))+$", ",11"),
    (r"^(-a?a?)*$", "-a"),
    (r"^(?!0)(-a?a?)*$", "-a"),
    (r"^(?:a|(?:a|b)c?)+$", "a"),
    (r"(?=(?:a|aa)*$)x", "a"),
    (r"(?i:(?:[a-c]|Bc?)*)x", "b"),
    (r"^(?:[\u0600-\u06ff]|\w+)*$", "س"),
]
HARMLESS = [
    *(r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^Q[1-9][0-9]*$", r"(foo|bar)+$", r"(ab){1,5}$", r"^(?!a)"),
    *(r"(a|b)*c", r"(\d+,)*\d+$", r"(https?://[^/]+)?$", r"^[0-9]{4}(-[0-9]{2}){0,2}$"),
    *(r"^(a)\1$", r"^([\"']).*\1$", r"^(a|b)(-\1)?$", r"^(.)(.).?\2\1$"),
    *(
        r"(\w+\s+)*\w+$",
        r"^([\u0621-\u064a]+\u060c ?)*$",
        r"^(?i:[a-z]+(-[a-z]+)*)$",
        r"^(\d+\D)*$",
    ),
    *(r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$", r"([0-9a-f]{32},)*$", r"^([\w-]+\.)+[a-z]{2,}$"),
    r"^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$",
    r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    *(r'^"(?:[^"\\]|\\.)*"$', r"^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$"),
    *(r"^(?=.*\d)(?=.*[a-z]).{8,}$", r"^([\u0600-\u06ff]+ )*[\u0600-\u06ff]+$"),
    r"^-?P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$",
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$",
]


@pytest.mark.parametrize(("pattern", "unit"), EXPLODING)
def test_exploding(pattern: str, unit: str) -> None:
    assert may_explode(pattern)
    # And so they do: six letters more take twenty times as long and longer, where a cubic
    # pattern would take three times as long.
    compiled = re.compile(pattern)
    times = []
    for length in (12, 18):
        start = time.process_time()
        compiled.search(unit * length + "!")
        times.append(time.process_time() - start)
    assert times[1] > 8 * times[0]


@pytest.mark.parametrize("pattern", [*HARMLESS])
def test_harmless(pattern: str) -> None:
    assert not may_explode(pattern)
    for unit in ("a", "-", "a-", "1,", "foo", "https://a", "ab"):
        start = time.process_time()
        re.search(pattern, unit * 2000 + "!")
        assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "pattern", [r"(a)?(?(1)b|c)", r"(a)\2", r"(a*)(\1a)*", r"\p{L}", "(", "(" * 5000]
)
def test_what_is_not_understood_is_not_trusted(pattern: str) -> None:
    assert may_explode(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"((a|ab?){4}){4}$", r"(((a{1,3}){3}){3}){3}$", r"(?a:\d|\w.?)*x"),
        "(" + "|".join(f"{chr(0x4E00 + each)}a?" for each in range(3000)) + ")*",
        "(" * 60 + "a" + ")*" * 60,
    ],
)
def test_what_takes_long_to_prove_or_grows_in_steps_is_not_trusted(pattern: str) -> None:
    start = time.process_time()
    assert may_explode(pattern)
    assert time.process_time() - start < 2


BODIES = st.recursive(
    st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "(?!b)", "(?i:A)"]),
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map("".join)
        | st.lists(inner, min_size=2, max_size=3).map(lambda each: f"(?:{'|'.join(each)})")
        | st.tuples(inner, st.sampled_from("?*+")).map(lambda each: f"(?:{each[0]}){each[1]}")
        | inner.map(lambda each: f"(?:{each}){{1,2}}")
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(BODIES)
def test_what_is_trusted_is_fast(body: str) -> None:
    pattern = f"^(?:{body})*$"
    if may_explode(pattern):
        return
    compiled = re.compile(pattern)
    for unit in ("a", "b", "c", "ab", "ba", "ac", "cb", "aab", "abb", "abc", "cab", "aabb"):
        start = time.process_time()
        compiled.search(unit * (22 // len(unit)) + "!")
        assert time.process_time() - start < 0.05, (pattern, unit)
