"""One table of classes, for files and for Wikidata itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from kgpub.linking.classes import KINDS, place_kind, type_of, types
from kgpub.linking.entity import Type
from kgpub.linking.gazetteer_files import read_items
from kgpub.wikidata.forms import NO_SUCH_ITEM
from kgpub.wikidata.items import record

CITY, BIG_CITY, COUNTRY, CAPITAL = "Q515", "Q1549591", "Q6256", "Q5119"
HUMAN, UNIVERSITY, LOCATION, NEWSPAPER = "Q5", "Q3918", "Q2221906", "Q11032"


@pytest.mark.parametrize(
    ("classes", "type_", "kind"),
    [
        ([CITY, BIG_CITY, CAPITAL], Type.place, "city"),
        ([CITY, COUNTRY], Type.place, "country"),
        ([CITY, "Q841753"], Type.place, ""),
        ([LOCATION, UNIVERSITY], Type.organisation, ""),
        ([HUMAN], Type.person, ""),
        ([NEWSPAPER], Type.organisation, ""),
        (["Q101352"], None, ""),
    ],
)
def test_a_dump_and_wikidata_give_an_item_of_some_classes_one_type_and_kind(
    tmp_path: Path, classes: list[str], type_: Type | None, kind: str
) -> None:
    snaks = [{"mainsnak": {"datavalue": {"value": {"id": qid}}}} for qid in classes]
    dump = tmp_path / "dump.json"
    dump.write_text(json.dumps({"type": "item", "id": "Q900001", "claims": {"P31": snaks}}))
    (of_dump,) = read_items(dump)
    rows = [{"class": qid} for qid in classes]
    of_wikidata = record("Q900001", NO_SUCH_ITEM | {"id": "Q900001"}, rows).item
    assert of_wikidata is not None
    assert (of_dump.type, of_dump.kind) == (type_, kind)
    assert (of_wikidata.type, of_wikidata.kind) == (type_, kind)


def test_all_types_of_an_item_are_kept_the_weightiest_first() -> None:
    assert types([LOCATION, UNIVERSITY]) == (Type.organisation, Type.place)
    assert type_of([LOCATION, UNIVERSITY]) is Type.organisation
    assert place_kind([]) == ""


def test_kinds_are_concepts_of_the_vocabulary() -> None:
    quads = list(parse(path="ontology/schemes.ttl", format=RdfFormat.TURTLE))
    in_scheme = {
        str(quad.subject.value).rpartition("#")[2]
        for quad in quads
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.predicate.value.endswith("#inScheme")
        and quad.object.value.endswith("PlaceKind")
    }
    assert in_scheme, "the scheme was read"
    concepts = {each.rpartition("/")[2] for each in in_scheme}
    assert set(KINDS.values()) <= concepts
