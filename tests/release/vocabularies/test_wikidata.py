"""The form of Wikidata's RDF dumps (mediawiki.org, Wikibase/Indexing/RDF Dump Format)."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.release.vocabularies.cases import BASE, store
from tests.release.vocabularies.making import made, quads

_PREFIXES = f"""
@prefix : <{BASE}> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix pqv: <http://www.wikidata.org/prop/qualifier/value/> .
@prefix pr: <http://www.wikidata.org/prop/reference/> .
@prefix prv: <http://www.wikidata.org/prop/reference/value/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix psv: <http://www.wikidata.org/prop/statement/value/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_PROP = "http://www.wikidata.org/prop/"
_WIKIBASE = "http://wikiba.se/ontology#"


@pytest.fixture(scope="module")
def triples(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    content = made(store(), tmp_path_factory.mktemp("made"))["wikidata.nt"]
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads(content)}


def _turtle(text: str) -> set[tuple[str, str, str]]:
    found = parse(_PREFIXES + text, format=RdfFormat.TURTLE)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in found}


def _about(triples: set[tuple[str, str, str]], start: str) -> set[tuple[str, str, str]]:
    return {each for each in triples if each[0].startswith(f"<{BASE}{start}")}


def test_a_tenure_is_a_statement_with_dates_of_their_precision_and_a_reference(
    triples: set[tuple[str, str, str]],
) -> None:
    found = _about(triples, "tenure")
    (node,) = {subject for subject, _, _ in found}
    assert re.fullmatch(rf"<{BASE}tenure#P39-[0-9a-f]{{32}}>", node)
    assert found == _turtle(
        f"""
        {node} a wikibase:Statement , wikibase:BestRank ; wikibase:rank wikibase:NormalRank ;
            ps:P39 :premier ; prov:wasDerivedFrom <{BASE}said-tenure#reference> ;
            pq:P580 "2016-01-01T00:00:00Z"^^xsd:dateTime ; pqv:P580 <{BASE}value/2016> ;
            pq:P582 "2018-05-01T00:00:00Z"^^xsd:dateTime ; pqv:P582 <{BASE}value/2018-05> .
        """
    )
    assert (
        _turtle(
            f"""
        wd:Q1 p:P39 {node} ; wdt:P39 :premier .
        <{BASE}value/2016> a wikibase:TimeValue ; wikibase:timePrecision 9 ;
            wikibase:timeValue "2016-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timeTimezone 0 ;
            wikibase:timeCalendarModel wd:Q1985727 .
        <{BASE}value/2018-05> wikibase:timePrecision 10 .
        <{BASE}said-tenure#reference> a wikibase:Reference ; pr:P248 :article ;
            pr:P1683 "tenure"@en ; pr:P854 <https://example.org/news> ; pr:P1476 "Title"@en ;
            pr:P123 :paper ; pr:P577 "2020-05-07T00:00:00Z"^^xsd:dateTime ;
            prv:P577 <{BASE}value/2020-05-07> .
        <{BASE}value/2020-05-07> wikibase:timePrecision 11 .
        """
        )
        <= triples
    )


def test_an_open_start_is_a_bound_a_season_its_month_and_a_doubted_time_nothing(
    triples: set[tuple[str, str, str]],
) -> None:
    of = {
        name: {
            (predicate.removeprefix(f"<{_PROP}")[:-1], value.rsplit("/", 1)[-1][:-1])
            for _, predicate, value in _about(triples, name)
            if f"{_PROP}qualifier/value/" in predicate
        }
        for name in ("residence", "spring", "member", "employment")
    }
    assert of["residence"] == {("qualifier/value/P1319", "2003")}
    assert of["spring"] == {("qualifier/value/P1319", "2010-03")}
    assert of["member"] == set()
    assert of["employment"] == {("qualifier/value/P585", "2006")}


def test_only_one_accepted_link_gives_an_entity_the_iri_of_wikidata(
    triples: set[tuple[str, str, str]],
) -> None:
    assert (f"<{BASE}twofold>", f"<{_PROP}direct/P39>", f"<{BASE}premier>") in triples
    item = "<http://www.wikidata.org/entity/Q4>"
    assert (f"<{BASE}premier>", f"<{_PROP}direct/P1001>", item) in triples
    wikidata = {s for s, p, _ in triples if "entity/Q" in s and p.endswith("label>")}
    assert wikidata == {"<http://www.wikidata.org/entity/Q1>", item}
    assert not any("Q9>" in term for triple in triples for term in triple)


def test_members_of_parties_and_of_other_bodies_have_properties_of_their_own(
    triples: set[tuple[str, str, str]],
) -> None:
    claims = {(p.split("/")[-1][:-1], o) for _, p, o in triples if f"{_PROP}direct/" in p}
    assert ("P102", f"<{BASE}wing>") in claims
    assert "P463" not in {name for name, _ in claims}
    assert ("P108", f"<{BASE}paper>") in claims
    assert ("P551", f"<{BASE}town>") in claims
    assert ("P585", '"1967-07-05T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>') in claims


def test_every_statement_has_the_parts_that_the_format_asks_for(
    triples: set[tuple[str, str, str]],
) -> None:
    about: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value in triples:
        about[subject][predicate].add(value)
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    statements = 0
    for item, said in list(about.items()):
        for predicate, nodes in said.items():
            claim = re.fullmatch(rf"<{_PROP}(P[0-9]+)>", predicate)
            for node in nodes if claim else ():
                statements += 1
                assert claim is not None
                value = about[node][f"<{_PROP}statement/{claim[1]}>"]
                assert len(value) == 1
                assert value <= said[f"<{_PROP}direct/{claim[1]}>"]
                assert about[node][f"<{_WIKIBASE}rank>"] == {f"<{_WIKIBASE}NormalRank>"}
                assert about[node][type_] == {
                    f"<{_WIKIBASE}{n}>" for n in ("Statement", "BestRank")
                }
                for reference in about[node]["<http://www.w3.org/ns/prov#wasDerivedFrom>"]:
                    assert about[reference][type_] == {f"<{_WIKIBASE}Reference>"}
        times = {v for p, values in said.items() if "/value/P" in p for v in values}
        for time in times:
            assert {p for p in about[time] if _WIKIBASE in p} == {
                f"<{_WIKIBASE}{name}>"
                for name in ("timeValue", "timePrecision", "timeTimezone", "timeCalendarModel")
            }
        if type_ in said and f"<{_WIKIBASE}Item>" in said[type_]:
            assert f"<{_PROP}P31>" in said, item
    nodes = {s for s, said in about.items() if f"<{_WIKIBASE}Statement>" in said[type_]}
    assert statements == len(nodes) > 20


def test_a_founding_is_of_one_body_and_says_nothing_of_when_its_founders_were(
    tmp_path: Path,
) -> None:
    text = f"""{_PREFIXES}
    @prefix kg: <https://w3id.org/kgpub/ontology#> . @prefix kind: <https://w3id.org/kgpub/kind#> .
    @prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
    :paper a kg:Organisation . :a a kg:Person . :b a kg:Organisation . :c a kg:Organisation .
    :article a kg:Article ; kg:publisher :paper .
    :one a kg:Event ; kg:kind kind:founding ; kg:time "2003"^^edtf:EDTF ;
        kg:participation :by , :of . :by kg:role kind:founder ; kg:participant :a .
    :of kg:role kind:founded ; kg:participant :b .
    :two a kg:Event ; kg:kind kind:founding ; kg:participation :by2 , :of2 , :of3 .
    :by2 kg:role kind:founder ; kg:participant :a . :of2 kg:role kind:founded ; kg:participant :b .
    :of3 kg:role kind:founded ; kg:participant :c .
    :said a kg:Statement ; kg:asserts :one , :two ; kg:saidBy :paper ; kg:article :article .
    """
    found = quads(made(store(text), tmp_path)["wikidata.nt"])
    founded = [q for q in found if q.predicate.value == f"{_PROP}direct/P112"]
    assert [(q.subject.value, q.object.value) for q in founded] == [(BASE + "b", BASE + "a")]
    nodes = {str(q.object) for q in found if q.predicate.value == f"{_PROP}P112"}
    assert len(nodes) == 1
    assert not [q for q in found if str(q.subject) in nodes and "/qualifier/" in str(q.predicate)]
