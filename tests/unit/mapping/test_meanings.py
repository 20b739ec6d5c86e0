"""Kinds, types, keys and references may be written as they are called: then they are suggested."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDFS, SKOS, Graph, Literal, URIRef

from kgpub.errors import Problem
from kgpub.vocabulary import resource

from .submissions import SCHEMA, WORDS, asserting, submit

KIND = "https://w3id.org/kgpub/kind#"
KG = "https://w3id.org/kgpub/ontology#"
PEOPLE = {
    "salim-omar": {"name": {"ar": "سالم عمر", "en": "Salim Omar"}},
    "layla-hasan": {
        "name": {"ar": "ليلى حسن"},
        "alternative-name": {"ar": ["أم كريم", "السيدة الأولى"], "ckb": "لەیلا حەسەن"},
        "spelling": {"ar": WORDS[2]},
    },
}
OFFICES = {"mayor": {"name": {"ar": "رئيس بلدية الواحة"}}}
ROLES = {"type": "Event", "kind": "election"}


def _only(content: dict[str, Any]) -> Problem:
    (problem,) = submit(content).problems
    return problem


def _fact(**values: Any) -> Problem:
    """The one problem of a fact in a file that describes PEOPLE and OFFICES."""
    content = asserting({"type": "Tenure", **values})
    return _only({**content, "people": PEOPLE, "offices": OFFICES})


def _statement(**values: Any) -> Problem:
    statement = {"words": WORDS[0], **values}
    return _only({"article": "news", "people": PEOPLE, "statements": [statement]})


def _kind(scheme: str, text: str) -> dict[str, Any]:
    """A submission with `text` where a kind of `scheme` belongs."""
    section = {"OrganisationKind": "organisations", "GroupKind": "groups", "PlaceKind": "places"}
    if scheme in section:
        return {"article": "news", section[scheme]: {"a": {"kind": text}}}
    if scheme == "Role":
        return asserting({**ROLES, "participants": [{"who": "person/a", "role": text}]})
    if scheme == "MembershipRole":
        return asserting({"type": "Membership", "person": "a", "role": text})
    if scheme == "Medium":
        statement = {"words": WORDS[0], "medium": text}
        return {"article": "news", "statements": [statement]}
    return asserting({"type": scheme.removesuffix("Kind"), "kind": text})


SCHEMES = (
    *("OrganisationKind", "GroupKind", "PlaceKind", "RelationshipKind", "OccupationKind"),
    *("StanceKind", "EventKind", "Role", "MembershipRole", "Medium"),
)


def _graph(name: str) -> Graph:
    return Graph().parse(Path(resource("ontology")) / name, format="turtle")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_label_of_a_kind_suggests_it(scheme: str) -> None:
    """As rdflib reads the labels; the English ones are written with a full stop behind them."""
    graph, asked = _graph("schemes.ttl"), 0
    for concept in graph.subjects(SKOS.inScheme, URIRef(KIND + scheme)):
        for label in graph.objects(concept, SKOS.prefLabel):
            assert isinstance(label, Literal)
            problem = _only(_kind(scheme, f"{label}."))
            named = (
                str(problem.remedy).removeprefix("Did you mean ").removesuffix("?").split(" or ")
            )
            assert str(concept).removeprefix(KIND) in named, (label, str(problem))
            asked += 1
    assert asked >= 24


@pytest.mark.parametrize(
    ("scheme", "text", "remedy"),
    [
        ("EventKind", "انتخاب", "Did you mean election?"),
        ("EventKind", "الإنتخاب", "Did you mean election?"),
        ("EventKind", "انتخابات", "Did you mean election?"),
        ("EventKind", "ھەڵبژاردن", "Did you mean election?"),
        ("EventKind", "Election ", "Did you mean election?"),
        ("EventKind", "kind:election", "Did you mean election?"),
        ("Role", "منتخب", "Did you mean elected?"),
        ("Role", "معين", "Did you mean appointee or appointer?"),
        ("OrganisationKind", "وزارة", "Did you mean ministry?"),
        ("EventKind", "صحيفة", "Kinds here: "),
        ("EventKind", "kind:zzzzzz", "Write "),
    ],
)
def test_kinds_are_those_that_the_key_takes_on_the_class(
    scheme: str, text: str, remedy: str
) -> None:
    problem = _only(_kind(scheme, text))
    assert str(problem.remedy).startswith(remedy) or remedy == "Write "
    assert ("Did you mean" in problem.remedy) == remedy.startswith("Did")


def test_where_nothing_is_near_the_first_kinds_are_listed_and_the_others_counted() -> None:
    problem = _only(_kind("PlaceKind", "؟؟"))
    kinds = _graph("schemes.ttl").subjects(SKOS.inScheme, URIRef(KIND + "PlaceKind"))
    names = {str(kind).removeprefix(KIND) for kind in kinds}
    listed, form = str(problem.remedy).split("\n")
    shown = listed.removeprefix("Kinds here: ").split(", ")
    assert set(shown[:-1]) < names
    assert shown[-1] == f"… and {len(names) - 10} more."
    assert len(shown) == 11
    assert form == "Kinds are written like head-of-state."


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u200b", "\u2066", "\u00ad", "\ufeff"])
@pytest.mark.parametrize(
    ("key", "value"),
    [("person", "salim-omar"), ("about", "person/salim-omar"), ("start", "2016"), ("ordinal", "6")],
)
def test_an_invisible_character_is_named_and_the_value_without_it_suggested(
    key: str, value: str, mark: str
) -> None:
    for written in (f"{value}{mark}", f"{mark}{value}", f"{value[:1]}{mark}{value[1:]}"):
        problem = _fact(**{key: written})
        assert f"holds the invisible character U+{ord(mark):04X}" in problem.message
        assert problem.remedy == f"Did you mean {value}?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # It parts what a hyphen parts in the slug of somebody whom the file describes.
        ("salim\u200comar", "salim-omar"),
        ("salim\u200b\u200comar", "salim-omar"),
        ("layla\u00adhasan", "layla-hasan"),
        # Of somebody whom no slug of the file names, nothing is known.
        ("karim\u200comar", "karimomar"),
    ],
)
def test_an_invisible_character_may_stand_for_a_hyphen(written: str, meant: str) -> None:
    assert _fact(person=written).remedy == f"Did you mean {meant}?"
    assert _fact(about=f"person/{written}").remedy == f"Did you mean person/{meant}?"


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        # Who holds an office since 2019 began in 2019, not at some time from then on.
        ("start", "منذ 2019", "2019"),
        ("start", "2019-", "2019"),
        ("start", "حتى 2019", "../2019"),
        ("start", "2019..2020", "2019/2020"),
        ("end", "حتى 2019", "2019"),
        ("time", "منذ 2019", "2019/.."),
    ],
)
def test_since_when_is_when_it_began(key: str, text: str, meant: str) -> None:
    assert _fact(**{key: text}).remedy == f"Write: {meant}"


@pytest.mark.parametrize("section", ["people", "organisations", "places", "offices", "topics"])
def test_a_section_is_suggested_by_what_one_thing_in_it_is_called(section: str) -> None:
    singular = {"people": "person"}.get(section, section.removesuffix("s"))
    problem = _only({"article": "news", singular: {"a": {"name": {"ar": "س"}}}})
    assert problem.message == f"'{singular}' has no place on the type Submission"
    assert problem.remedy == f"Did you mean '{section}'?"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("احد", "Sunday"), ("الأحد", "Sunday"), ("الاحد", "Sunday"), ("يوم أحد", "Sunday")),
        *(("اثنين", "Monday"), ("الثلاثاء", "Tuesday"), ("اربعاء", "Wednesday")),
        *(("خميس", "Thursday"), ("جمعه", "Friday"), ("جمعة", "Friday"), ("سبت", "Saturday")),
        *(("ڕۆژی یەکشەممە", "Sunday"), ("شەممە", "Saturday"), ("Sun.", "Sunday")),
    ],
)
def test_a_day_of_the_week_by_its_name(text: str, day: str) -> None:
    content = asserting({**ROLES, "day": text})
    assert _only(content).remedy == f"Write {day}."


def test_an_invisible_character_in_a_kind_misspelt_or_not() -> None:
    for written in ("election\u200e", "\u200eelec\u200ftoin"):
        problem = _only(_kind("EventKind", written))
        assert "holds the invisible character U+200E" in problem.message
        assert problem.remedy == "Did you mean election?"


@pytest.mark.parametrize("name", ["Tenure", "Event", "Stance", "Characterisation", "Residence"])
def test_the_labels_of_a_class_suggest_it(name: str) -> None:
    labels = set(_graph("kgpub.ttl").objects(URIRef(KG + name), RDFS.label))
    assert len(labels) == 3
    for label in labels:
        problem = _only(asserting({"type": f"{label}!"}))
        assert problem.remedy == f"Did you mean {name}?"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("حدث", "Did you mean Event?"), ("الحدث", "Did you mean Event?"), ("شخص", "Types here: ")],
)
def test_a_class_is_suggested_where_it_fits_only(text: str, remedy: str) -> None:
    assert str(_only(asserting({"type": text})).remedy).startswith(remedy)


@pytest.mark.parametrize(
    ("key", "meant"), [("شخص", "person"), ("الشخص", "person"), ("المنصب", "office"), ("شوێن", "")]
)
def test_the_labels_of_a_property_suggest_its_key(key: str, meant: str) -> None:
    remedy = _only(asserting({"type": "Tenure", key: "x"})).remedy
    assert remedy == f"Did you mean '{meant}'?" if meant else remedy.startswith("Keys here: ")


@pytest.mark.parametrize(
    ("type_", "key", "meant"),
    [
        ("Event", "origin", "from"),  # near `ordinal`
        ("Membership", "kind of organisation", "organisation-kind"),  # near `organisation`
        ("Tenure", "strat", "start"),
        ("Tenure", "ofice", "office"),
    ],
)
def test_a_label_goes_before_a_key_that_is_spelt_alike(type_: str, key: str, meant: str) -> None:
    assert _only(asserting({"type": type_, key: "x"})).remedy == f"Did you mean '{meant}'?"


@pytest.mark.parametrize("type_", ["Event", "Tenure", "Membership", "Stance", "Holding"])
def test_every_label_of_a_property_suggests_its_key(type_: str) -> None:
    """As rdflib reads the labels; keys are written as their properties are, but with hyphens."""
    graph, asked = _graph("kgpub.ttl"), 0
    keys = SCHEMA.keys(type_)
    for key in sorted(keys):
        words = key.split("-")
        named = words[0] + "".join(map(str.capitalize, words[1:]))
        for label in graph.objects(URIRef(KG + named), RDFS.label):
            if str(label) not in keys:
                assert repr(key) in _only(asserting({"type": type_, str(label): "x"})).remedy
                asked += 1
    assert asked > 20


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Nation", "Types here: "),
        ("at", "Types here: "),
        ("on", "Types here: "),
        ("Tenur", "Did you mean Tenure?"),
        ("EVENT", "Did you mean Event?"),
        ("Relationhsip", "Did you mean Relationship?"),
    ],
)
def test_a_class_is_suggested_by_its_whole_name_and_not_by_letters_in_it(
    text: str, remedy: str
) -> None:
    assert str(_only(asserting({"type": text})).remedy).startswith(remedy)


@pytest.mark.parametrize(
    ("key", "meant"),
    [("الأشخاص", "people"), ("منظمات", "organisations"), ("ڕێکخراوەکان", "organisations")],
)
def test_the_label_of_a_class_suggests_the_section_of_its_entities(key: str, meant: str) -> None:
    assert _only({"article": "news", key: {}}).remedy == f"Did you mean '{meant}'?"


@pytest.mark.parametrize(
    ("values", "meant"),
    [
        ({"person": "سالم عمر"}, "salim-omar"),
        ({"person": "سَالم عُمر"}, "salim-omar"),
        ({"person": "Salim Omar"}, "salim-omar"),
        ({"person": "Salim_Omar"}, "salim-omar"),
        ({"person": "سليم عمر"}, "salim-omar"),
        ({"person": "ام كريم"}, "layla-hasan"),
        ({"person": "لەیلا حەسەن"}, "layla-hasan"),
        ({"person": WORDS[2]}, "layla-hasan"),
        ({"person": "person/ليلى حسن"}, "layla-hasan"),
        ({"office": "رئيس بلدية الواحه"}, "mayor"),
        ({"about": "ليلى حسن"}, "person/layla-hasan"),
        ({"about": "رئيس بلدية الواحة"}, "office/mayor"),
        ({"about": "people/سالم عمر"}, "person/salim-omar"),
    ],
)
def test_the_name_of_an_entity_of_the_file_suggests_its_slug(
    values: dict[str, str], meant: str
) -> None:
    assert _fact(**values).remedy == f"Did you mean {meant}?"


def test_a_speaker_by_name() -> None:
    assert _statement(**{"said-by": "ليلى حسن"}).remedy == "Did you mean person/layla-hasan?"


@pytest.mark.parametrize(
    "values",
    [
        {"office": "سالم عمر"},  # a person
        {"person": "رئيس بلدية الواحة"},  # an office
        {"person": "office/رئيس بلدية الواحة"},
        {"about": "office/سالم عمر"},
        {"person": "كاظم علي"},  # nobody
        {"topic": "سالم عمر"},
    ],
)
def test_what_is_called_so_but_cannot_stand_there_is_not_suggested(values: dict[str, str]) -> None:
    assert "Did you mean" not in _fact(**values).remedy


def test_a_fact_is_not_suggested_what_is_an_entity() -> None:
    content = {**asserting("سالم عمر"), "people": PEOPLE}
    assert _only(content).remedy == "Write event/slug, or a label such as _:escape."


def test_an_entity_without_a_slug_is_not_suggested() -> None:
    content = {
        "people": {"Salim Omar": {}},
        **asserting({"type": "Tenure", "person": "salim_omar"}),
    }
    told = [problem.remedy for problem in submit(content).problems]
    assert len(told) == 2
    assert not any("Did you mean" in remedy for remedy in told)


TEXTS = st.lists(
    st.sampled_from(
        [
            *("سالم", "عمر", "ليلى", "حسن", "رئيس", "بلدية", "Salim", "omar", "x", "س", "ال", "و"),
            *(" ", "/", ":", "\u200e", "\u200c", "-", "_", "person/", "people/", "office/", "."),
            *("election", "elected", "انتخاب", "Event", "kind:", "2016", "6"),
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["person", "office", "about", "start", "ordinal", "kind", "type"]), TEXTS)
def test_what_is_suggested_can_stand_there(key: str, text: str) -> None:
    class_ = {"type": "Event" if key == "kind" else "Tenure"}
    entities = {"article": "news", "people": PEOPLE, "offices": OFFICES}

    def problems(value: str) -> tuple[Problem, ...]:
        return submit({**asserting({**class_, key: value}), **entities}).problems

    for problem in problems(text):
        if problem.remedy.startswith("Did you mean "):
            named = problem.remedy.removeprefix("Did you mean ").removesuffix("?").split(" or ")
            for name in named:
                assert problems(name) == ()


def test_names_times_references_is_no_square() -> None:
    people = {f"p-{n}": {"name": {"ar": [f"سالم {n}", f"عمر {n}"]}} for n in range(10_000)}
    about = [f"كريم {n}" for n in range(10_000)]
    statement = {"words": WORDS[0], "about": about}
    began = time.process_time()
    submitted = submit({"article": "news", "people": people, "statements": [statement]})
    assert time.process_time() - began < 20
    assert len(submitted.problems) == 1_001


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("kind", [f"كلمة {n}" for n in range(20_000)]),
        ("kind", ["س" * 300 + str(n) for n in range(5_000)]),
        ("participants", [{"role": "\u200e" * 300 + str(n)} for n in range(5_000)]),
    ],
)
def test_nothing_is_looked_for_after_a_thousand_problems(key: str, values: list[Any]) -> None:
    began = time.process_time()
    submitted = submit(asserting({**ROLES, key: values}))
    assert time.process_time() - began < 15
    assert len(submitted.problems) == 1_001
