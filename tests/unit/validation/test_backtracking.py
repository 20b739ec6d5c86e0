"""Regular expressions that may take exponential time in Python, told from those that do not."""

from __future__ import annotations

import re
import time

import pytest

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
]
HARMLESS = [
    *(r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^Q[1-9][0-9]*$", r"(foo|bar)+$", r"(ab){1,5}$", r"^(?!a)"),
    *(r"(a|b)*c", r"(\d+,)*\d+$", r"(https?://[^/]+)?$", r"^[0-9]{4}(-[0-9]{2}){0,2}$"),
    *(r"^(a)\1$", r"^([\"']).*\1$", r"^(a|b)(-\1)?$", r"^(.)(.).?\2\1$"),
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
