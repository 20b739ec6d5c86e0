"""What releases are called and dated."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.errors import CallError
from kgpub.model.version import following, is_version, order
from kgpub.release.folder import Record
from kgpub.release.numbering import issued_of, version_of


def before(version: str, issued: str = "2026-11-01") -> Record:
    return Record(version, "", issued, f"https://example.org/release/{version}", "")


@pytest.mark.parametrize(
    ("last", "next_"),
    [
        ("1", "2"),
        ("9", "10"),
        ("99", "100"),
        ("1.9", "1.10"),
        ("2026-09", "2026-10"),
        ("1.0-rc1", "1.0-rc2"),
        ("007", "008"),
        ("2026a", "2027a"),
    ],
)
def test_the_next_has_one_more_and_comes_after(last: str, next_: str) -> None:
    assert following(last) == next_
    assert version_of("", before(last)) == version_of(next_, before(last)) == next_


def test_the_first_is_number_one() -> None:
    assert version_of("", None) == "1"


@pytest.mark.parametrize(
    "text", ["", "a", "v1", "1/2", "..", "1..2", "1.", "-1", "1 2", "١", "1A", "1\n", "1" * 41]
)
def test_what_no_folder_or_iri_should_have_is_no_version(text: str) -> None:
    assert not is_version(text)


UP = [
    *("1-rc1", "1", "1.0-dev", "1.0-alpha", "1.0-alpha2", "1.0-alpha10", "1.0-beta1", "1.0-pre"),
    *("1.0-rc1", "1.0-rc1.1", "1.0-rc2", "1.0", "1.0-hotfix", "1.0.1-rc1", "1.0.1", "1.9", "1.10"),
    *("2-rc9", "2-rc10", "2", "2026-rc1", "2026", "2026a", "2026b-rc1", "2026b", "2026-09"),
    *("2026-10-rc1", "2026-10", "2026-10-1"),
]
"""Written down in the order in which they follow each other."""


def test_a_candidate_comes_before_what_it_is_a_candidate_for() -> None:
    drawn = UP.copy()
    random.Random(1130).shuffle(drawn)
    assert sorted(drawn, key=order) == UP
    for earlier, later in pairwise(UP):
        assert version_of(later, before(earlier)) == later
        with pytest.raises(CallError, match="would come before the last"):
            version_of(earlier, before(later))


VERSIONS = st.from_regex(r"[0-9][0-9a-z]{0,5}([.-][0-9a-z]{1,4}){0,3}", fullmatch=True)


@given(st.lists(VERSIONS, min_size=2, max_size=5, unique=True))
def test_versions_that_differ_do_not_stand_beside_each_other(versions: list[str]) -> None:
    assert len({order(each) for each in versions}) == len(versions)


@given(VERSIONS)
def test_the_next_comes_after_any(version: str) -> None:
    assert order(following(version)) > order(version)


@pytest.mark.parametrize(("asked", "last"), [("2", "10"), ("10", "10"), ("1.2", "1.10")])
def test_versions_go_up(asked: str, last: str) -> None:
    with pytest.raises(CallError, match="never change"):
        version_of(asked, before(last))


def test_the_date_comes_from_what_is_asked_then_the_environment_then_the_data() -> None:
    last = before("1")
    assert issued_of("2026-12-01", "0", None, "2026-01-01") == "2026-12-01"
    assert issued_of("", "0", None, "2026-01-01") == "1970-01-01"
    assert issued_of("", "", None, "2026-01-01") == "2026-01-01"
    assert issued_of("", "", last, "2026-01-01") == "2026-11-01"
    assert issued_of("", "", last, "") == "2026-11-01"


def test_a_date_of_the_data_that_is_yet_to_come_is_none() -> None:
    last = before("1")
    with pytest.raises(CallError, match=r"9999-12-31: something was added .* yet to come"):
        issued_of("", "", last, "9999-12-31", "2026-12-01")
    assert issued_of("", "", last, "2026-12-01", "2026-12-01") == "2026-12-01"
    assert issued_of("2026-12-01", "", last, "9999-12-31", "2026-12-01") == "2026-12-01"
    assert issued_of("", "1796083200", last, "9999-12-31", "2026-12-01") == "2026-12-01"


@pytest.mark.parametrize(
    ("asked", "epoch", "added", "told"),
    [
        ("2026-13-01", "", "", "is no date"),
        ("20261101", "", "", "is no date"),
        ("", "1.5", "", "is no number of seconds"),
        ("", "9" * 20, "", "is no number of seconds"),
        ("", "٣", "", "is no number of seconds"),
        ("", "", "", "no submission has a date"),
        ("1999-01-01", "", "", "release 1 is younger"),
    ],
)
def test_what_is_no_date_is_refused(asked: str, epoch: str, added: str, told: str) -> None:
    last = before("1") if "younger" in told else None
    with pytest.raises(CallError, match=told):
        issued_of(asked, epoch, last, added)
