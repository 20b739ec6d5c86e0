"""What is advised for a key that holds what cannot be seen is a key that fits there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .submissions import SCHEMA, asserting, submit

NBSP, RLM = "\u00a0", "\u200f"
KEYS = SCHEMA.keys("Event")


def _remedy(key: str) -> str:
    (problem,) = submit(asserting({"type": "Event", key: "x"})).problems
    assert problem.message.startswith(f"unknown key {key!r}")
    return str(problem.remedy)


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        (f"start{RLM}", "It holds RIGHT-TO-LEFT MARK (U+200F): write start"),
        (f"{NBSP}start", "It holds NO-BREAK SPACE (U+00A0): write start"),
        (f"start:{NBSP}2019", "It holds NO-BREAK SPACE (U+00A0): write start: 2019"),
        ("start:2019", "Write a space after the colon: start: 2019"),
        ("start： 2019", "It holds FULLWIDTH COLON (U+FF1A): write start: 2019"),
        ("start،2019", "It holds ARABIC COMMA (U+060C): write start: 2019"),
        ("start = 2019", "It holds EQUALS SIGN (U+003D): write start: 2019"),
        ("xyz = 1", "Keys here: "),
        (f"strat{RLM}", "Did you mean 'start'?"),
        (f"counted{NBSP}since", "Did you mean 'counted-since'?"),
        (f"xyz{RLM}", "Keys here: "),  # which is no key
        (f"xyz:{NBSP}1", "Keys here: "),
        (f"name{NBSP}", "Keys here: "),  # which stands on other classes
    ],
)
def test_what_cannot_be_seen_in_a_key_is_told_where_all_else_is_right(
    key: str, remedy: str
) -> None:
    assert "name" not in KEYS
    told = _remedy(key)
    assert told.startswith(remedy) if remedy.endswith(" ") else told == remedy


@given(
    st.sampled_from(["start", "name", "xyz", "said-by", "kind"]),
    st.lists(
        st.sampled_from([NBSP, RLM, "\u200c", " ", ":", "x", "：", "="]), min_size=1, max_size=4
    ),
    st.integers(0, 7),
)
def test_no_key_is_advised_that_does_not_fit_there(key: str, marks: list[str], at: int) -> None:
    written = key[:at] + "".join(marks) + key[at:]
    for problem in submit(asserting({"type": "Event", "kind": "election", written: "x"})).problems:
        if advised := re.search("write ([^:]*)(: .*)?$", str(problem.remedy)):
            assert advised[1] in KEYS
