from __future__ import annotations

from datetime import date

from tests.unit.pages.graphs import BASE, EDTF, view

from kgpub.pages.holders import Gap, holders
from kgpub.pages.sections import candidates, shown_facts
from kgpub.pages.told import Told

OFFICE = BASE + "office/o"


def tenure(
    name: str, times: dict[str, str], first: str = "", last: str = "", more: str = ""
) -> str:
    said = "".join(f' kg:{key} "{time}"^^<{EDTF}> ;' for key, time in times.items())
    bounds = "".join(
        f' kg:{key} "{day}"^^xsd:date ;'
        for key, day in (("earliest", first), ("latest", last))
        if day
    )
    return (
        f'person:{name} a kg:Person ; kg:name "{name}"@en .'
        f" fact:{name} a kg:Tenure ;{said}{bounds}{more}"
        f" kg:person person:{name} ; kg:office office:o .\n"
    )


def order(*tenures: str, whole: bool = True) -> list[str | Gap]:
    shown = view("".join(tenures))
    of_facts, _ = candidates(shown, OFFICE)
    [section] = shown_facts(shown, of_facts, [len(tenures)], OFFICE)
    found = holders(shown, section.told, whole)
    dated = [_name(each) if isinstance(each, Told) else each for each in found.dated]
    return [*dated, *(f"? {_name(each)}" for each in found.undated)]


def _name(told: Told) -> str:
    return told.iri.rpartition("/")[2]


A = tenure("a", {"start": "2001", "end": "2004"}, "2001-01-01", "2004-12-31")
B = tenure("b", {"start": "2006-03", "end": "2008"}, "2006-03-01", "2008-12-31")
C = tenure("c", {"start": "2009", "end": "2010"}, "2009-01-01", "2010-12-31")
GAP = Gap(date(2005, 1, 1), date(2006, 2, 28))


def test_holders_are_in_order_with_the_gap_that_the_bounds_leave() -> None:
    # b can have ended on 2008-12-31 and c begun on the day after: no gap is certain.
    assert order(C, B, A) == ["a", GAP, "b", "c"]


def test_there_is_no_gap_where_the_end_is_not_told() -> None:
    open_end = tenure("a", {"start": "2001"}, "2001-01-01")
    assert order(open_end, B, C) == ["a", "b", "c"]


def test_there_is_no_gap_where_the_beginning_is_not_told() -> None:
    only_end = tenure("b", {"end": "2008"}, last="2008-12-31")
    assert order(A, only_end) == ["a", "b"]


def test_a_time_within_a_tenure_is_no_end_of_it() -> None:
    within = tenure("a", {"time": "2001"}, "2001-01-01", "2001-12-31")
    assert order(within, B) == ["a", "b"]
    after = tenure("d", {"time": "2020"}, "2020-01-01", "2020-12-31")
    assert order(C, after) == ["c", "d"]


def test_a_time_that_is_about_or_perhaps_so_bounds_no_gap() -> None:
    about = tenure("a", {"start": "2001", "end": "2004~"}, "2001-01-01", "2004-12-31")
    assert order(about, B) == ["a", "b"]


def test_where_some_tenures_were_not_looked_at_there_is_no_gap() -> None:
    assert order(C, B, A, whole=False) == ["a", "b", "c"]


def test_who_holds_it_meanwhile_fills_the_gap() -> None:
    long = tenure("long", {"start": "2000", "end": "2007"}, "2000-01-01", "2007-12-31")
    assert order(long, A, B) == ["long", "a", "b"]


def test_a_denied_tenure_neither_fills_nor_bounds_a_gap() -> None:
    denied = tenure(
        "no", {"start": "2005", "end": "2005"}, "2005-01-01", "2005-12-31", " kg:negated true ;"
    )
    assert order(A, denied, B) == ["a", "no", GAP, "b"]


def test_tenures_without_a_time_stand_apart() -> None:
    assert order(A, tenure("z", {})) == ["a", "? z"]


def test_days_that_are_none_bound_nothing() -> None:
    odd = tenure("odd", {"start": "2005", "end": "2006"}, "-2005-13-99", "99999-01-01")
    assert order(odd) == ["odd"]
