"""Sets of characters that overlap, held to what Python's own engine matches."""

from __future__ import annotations

import re
import warnings
from re import _parser  # type: ignore[attr-defined]

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kgpub.validation.ambiguity import atoms
from kgpub.validation.character_sets import Alphabet, members_of

CHARACTERS = "aAbBiIkKsSzZ059_ \t\n.-!İıſKßẞµμÅåǅΣσςйЙبکۆ٣۵\u00a0\u200c\u2028中𐐀𐐨\u0345ιͅ"
RANGES = ("a-c", "A-Z", "0-9", "à-þ", "\u0370-\u03ff", "\u0621-\u064a", "Ā-\uffff", "!-~")
members = st.sampled_from(
    [*map(re.escape, CHARACTERS), *RANGES, *(rf"\{each}" for each in "dDwWsS")]
)
sets = st.builds(
    lambda negated, some: f"[{'^' if negated else ''}{''.join(some)}]",
    st.booleans(),
    st.lists(members, min_size=1, max_size=3),
) | st.sampled_from([*map(re.escape, CHARACTERS), r"\d", r"\w", r"\S", "."])


@settings(max_examples=500, deadline=None)
@given(sets, sets)
@example("k", "[^a-zA-Z]")  # the sign for kelvin, where case does not count
@example("[^a-zA-Z]", "[i-s]")
def test_sets_that_match_the_same_character_overlap(one: str, other: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pair = [*atoms(_parser.parse(one)), *atoms(_parser.parse(other))]
        alphabet = Alphabet(member for each in pair for member in members_of(*each))
        overlap = alphabet.classes(*pair[0]) & alphabet.classes(*pair[1])
        matched = [
            {
                c
                for flags in (0, re.IGNORECASE | re.DOTALL)
                for c in CHARACTERS
                if re.fullmatch(each, c, flags)
            }
            for each in (one, other)
        ]
    # Flags may hold in a part of an expression.
    shared = matched[0] & matched[1]
    assert overlap or not shared, (one, other, shared)


def test_sets_that_are_told_apart() -> None:
    for one, other in (("[a-c]", "d"), (r"\d", "[a-z]"), (r"\w", r"\s"), ("[^,]", ","), ("ب", "ک")):
        pair = [*atoms(_parser.parse(one)), *atoms(_parser.parse(other))]
        alphabet = Alphabet(member for each in pair for member in members_of(*each))
        assert not alphabet.classes(*pair[0]) & alphabet.classes(*pair[1]), (one, other)
