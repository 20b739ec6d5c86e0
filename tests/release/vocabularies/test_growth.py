"""No query takes more than its share of time where there are more data."""

from __future__ import annotations

import time

import pytest
from pyoxigraph import Literal
from tests.release.vocabularies.cases import BASE, PREFIXES, store

from kgpub.release.vocabularies.vocabulary import VOCABULARIES
from kgpub.store.queries import EmbeddedStore

_ARTICLE = """
:p{0} a kg:Person ; kg:name "P"@en ; owl:sameAs wd:Q{1} .
:l{0} a kg:Place ; kg:name "L"@en ; kg:kind kind:country ; owl:sameAs wd:Q{2} .
:o{0} a kg:Organisation ; kg:name "O"@en ; kg:kind kind:political-party .
:f{0} a kg:Office ; kg:name "F"@en ; kg:organisation :o{0} ; kg:jurisdiction :l{0} .
:a{0} a kg:Article ; kg:title "T"@en ; kg:publisher :o{0} ; kg:source <https://example.org/{0}> .
:sub{0} kg:records :s{0} ; kg:submitted "2026-01-02"^^xsd:date ; kg:contributor "C" .
:s{0} a kg:Statement ; kg:article :a{0} ; kg:saidBy :o{0} ; kg:words "w"@en ;
    kg:asserts :t{0} , :m{0} , :r{0} , :e{0} , :k{0} , :b{0} , :w{0} , :x{0} , :d{0} , :c{0} .
:t{0} a kg:Tenure ; kg:person :p{0} ; kg:office :f{0} ; kg:start "2016"^^edtf:EDTF .
:m{0} a kg:Membership ; kg:person :p{0} ; kg:organisation :o{0} ; kg:time "2016"^^edtf:EDTF .
:r{0} a kg:Residence ; kg:resident :p{0} ; kg:place :l{0} ; kg:start "2003/.."^^edtf:EDTF ;
    kg:earliest "2003-01-01"^^xsd:date .
:e{0} a kg:Event ; kg:kind kind:visit ; kg:place :l{0} ; kg:participation :n{0} .
:n{0} a kg:Participation ; kg:role kind:agent ; kg:participant :p{0} .
:k{0} a kg:Relationship ; kg:kind kind:part-of ; kg:subject :o{0} ; kg:object :o{0} .
:b{0} a kg:Event ; kg:kind kind:birth ; kg:time "1967"^^edtf:EDTF ; kg:participation :h{0} .
:h{0} a kg:Participation ; kg:role kind:subject-of-event ; kg:participant :p{0} .
:w{0} a kg:Occupation ; kg:person :p{0} ; kg:kind kind:law ; kg:organisation :o{0} .
:x{0} a kg:Membership ; kg:negated true ; kg:person :p{0} ; kg:organisation :o{0} .
:d{0} a kg:Stance ; kg:kind kind:denies ; kg:holder :p{0} ; kg:target :c{0} .
:c{0} a kg:Membership ; kg:person :p{0} ; kg:organisation :o{0} .
:y{0} a kg:Contradiction ; kg:kind kind:denied ; kg:contradictory :s{0} ; kg:incompatible :c{0} .
"""
_FEW, _TIMES = 400, 6
_QUERIES = [(each, query) for each in VOCABULARIES for query in (*each.queries, *each.counting)]


@pytest.fixture(scope="module")
def stores() -> tuple[EmbeddedStore, EmbeddedStore]:
    few, many = (
        store(PREFIXES + "".join(_ARTICLE.format(n, 2 * n + 1, 2 * n + 2) for n in range(size)))
        for size in (_FEW, _FEW * _TIMES)
    )
    return few, many


@pytest.mark.parametrize("number", range(len(_QUERIES)), ids=[p.name for _, p in _QUERIES])
def test_six_times_the_data_take_less_than_fifteen_times_the_time(
    number: int, stores: tuple[EmbeddedStore, EmbeddedStore]
) -> None:
    """Where time grew with the square it would be 36 times. A few milliseconds tell nothing."""
    text = _QUERIES[number][1].read_text(encoding="utf-8")
    few, many = (min(_seconds(each, text) for _ in range(3)) for each in stores)
    assert many < 15 * max(few, 0.004)


@pytest.fixture(scope="module")
def crowds() -> tuple[EmbeddedStore, EmbeddedStore]:
    few, many = (store(_crowd(size)) for size in (100, 600))
    return few, many


def _crowd(size: int) -> str:
    """Return kin, an event and two foundings, one of one body and one of many, by as many."""
    text = f"""{PREFIXES} :o a kg:Organisation . :a a kg:Article ; kg:publisher :o .
        :sub kg:records :s ; kg:submitted "2026-01-02"^^xsd:date ; kg:contributor "C" .
        :s a kg:Statement ; kg:article :a ; kg:saidBy :o ; kg:words "w"@en ;
            kg:asserts :kin , :meeting , :founding , :foundings .
        :kin a kg:Relationship ; kg:kind kind:kinship .
        :meeting a kg:Event ; kg:kind kind:meeting .
        :founding a kg:Event ; kg:kind kind:founding ; kg:participation :of .
        :of kg:role kind:founded ; kg:participant :o .
        :foundings a kg:Event ; kg:kind kind:founding .
        """
    return text + "".join(_PARTY.format(number) for number in range(size))


_PARTY = """:p{0} a kg:Person . :b{0} a kg:Organisation .
:kin kg:between :p{0} .
:meeting kg:participation :m{0} . :m{0} kg:role kind:attendee ; kg:participant :p{0} .
:founding kg:participation :f{0} . :foundings kg:participation :f{0} , :g{0} .
:f{0} kg:role kind:founder ; kg:participant :p{0} .
:g{0} kg:role kind:founded ; kg:participant :b{0} .
"""


@pytest.mark.parametrize("number", range(len(_QUERIES)), ids=[p.name for _, p in _QUERIES])
def test_six_times_the_parties_of_one_fact_take_less_than_fifteen_times_the_time(
    number: int, crowds: tuple[EmbeddedStore, EmbeddedStore]
) -> None:
    text = _QUERIES[number][1].read_text(encoding="utf-8")
    few, many = (min(_seconds(each, text) for _ in range(3)) for each in crowds)
    assert many < 15 * max(few, 0.004)


def _seconds(store: EmbeddedStore, text: str) -> float:
    start = time.process_time()
    for _ in store.query(text, {"data": BASE}, {"language": Literal("en")}):
        pass
    return time.process_time() - start
