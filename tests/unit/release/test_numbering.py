"""What releases are called and dated."""

from __future__ import annotations

import pytest

from kgpub.errors import CallError
from kgpub.release.folder import Record
from kgpub.release.numbering import issued_of, version_of
from kgpub.release.release import following, is_version


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
