"""The JSON Schemas against a validator, and against what shapes, schemes and code say."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator
from rdflib import SH, SKOS, Graph, URIRef
from tests.unit.mapping.submissions import FACTS
from tests.unit.vocabulary.documents import ROOT, read, read_file

from kgpub.mapping.reading import CONTEXT_IRI as CONTEXT_OF_THE_MAPPING
from kgpub.mapping.values import LABEL as LABEL_OF_THE_MAPPING
from kgpub.model import slug
from kgpub.vocabulary import KIND, json_values
from kgpub.vocabulary.json_schema import (
    CONTEXT_IRI,
    article_schema,
    schema_text,
    submission_schema,
)
from kgpub.vocabulary.schema import ASSERTED_TYPES, schema

SUBMISSION = submission_schema()
ARTICLE = article_schema()
CHECKER = Draft202012Validator.FORMAT_CHECKER
SUBMISSIONS = Draft202012Validator(SUBMISSION, format_checker=CHECKER)
ARTICLES = Draft202012Validator(ARTICLE, format_checker=CHECKER)
FILES = sorted(
    path
    for folder in ("articles", "src/kgpub/templates/articles", "tests/queries/pair/articles")
    for path in (ROOT / folder).glob("*/*.yaml")
)


def faults(document: Any, validator: Draft202012Validator = SUBMISSIONS) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@pytest.mark.parametrize("name", ["submission", "article"])
def test_the_committed_schemas_are_what_the_code_makes(
    name: Literal["submission", "article"],
) -> None:
    committed = (ROOT / "schemas" / f"{name}.schema.json").read_bytes()
    assert committed == schema_text(name).encode()
    assert committed.endswith(b"}\n")
    assert json.loads(committed)["$id"] == f"https://w3id.org/kgpub/schemas/{name}.schema.json"


@pytest.mark.parametrize("document", [SUBMISSION, ARTICLE])
def test_the_schemas_are_schemas(document: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(document)
    text = json.dumps(document)
    referred = set(re.findall(r'"#/\$defs/([^"]+)"', text))
    assert referred == set(document["$defs"])


@pytest.mark.parametrize("document", [SUBMISSION, ARTICLE])
def test_the_patterns_mean_the_same_in_javascript(document: dict[str, Any]) -> None:
    """No construct of Python's alone, and anchored (ECMA-262, with the flag u as editors have)."""
    patterns = list(patterns_of(document))
    assert len(patterns) > 3
    for pattern in patterns:
        assert not re.search(r"\(\?(?![:=!])|\\[AZzbB-]|[*+?}]\+", pattern), pattern
        assert pattern == r"\S" or pattern.startswith("^")


def patterns_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value.get("patternProperties", {})
        for key, item in value.items():
            if key == "pattern" and isinstance(item, str):
                yield item
            yield from patterns_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from patterns_of(item)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_file_of_the_repository_is_valid(path: Path) -> None:
    validator = ARTICLES if path.name == "article.yaml" else SUBMISSIONS
    assert faults(read_file(path), validator) == []


def test_there_are_files_of_both_sorts() -> None:
    assert {path.stem for path in FILES} == {"article", "facts"}
    assert len(FILES) >= 8


def test_a_submission_with_every_form_of_key_and_value_is_valid() -> None:
    """But for kinds that are in no scheme, which only shapes and editors look at."""
    document = copy.deepcopy(FACTS)
    assert faults(document) != []
    document["organisations"]["the-paper"]["kind"] = "media-outlet"
    document["statements"][0]["asserts"][1]["organisation-kind"] = "political-party"
    document["statements"][2]["medium"] = "tweet"
    assert faults(document) == []


def asserting(fact: dict[str, Any]) -> dict[str, Any]:
    return {"article": "a", "statements": [{"words": "w", "asserts": [fact]}]}


def entity(section: str = "people", **keys: Any) -> dict[str, Any]:
    return {"article": "a", section: {"x": {"name": {"en": "X"}, **keys}}}


def statement(**keys: Any) -> dict[str, Any]:
    return {"article": "a", "statements": [{"words": "w", **keys}]}


TENURE: dict[str, Any] = {"type": "Tenure", "person": "p", "office": "o"}
EVENT: dict[str, Any] = {"type": "Event", "kind": "election"}
PARTIES: dict[str, Any] = {"type": "Relationship", "kind": "good-relations"}

VALID = {
    "nothing but an article": {"article": "a"},
    "no statement": {"article": "a", "statements": []},
    "one statement without a list": {"article": "a", "statements": {"words": "w"}},
    "numbers under keys that make texts of them": read(
        "article: 2016\nstatements: [{words: 2016, asserts: [{type: Tenure, person: 7, office: o, "
        "start: 2016, end: 0985, ordinal: 6, manner: {en: 1.5, ar: true}}]}]"
    ),
    "the same in quotes": asserting({**TENURE, "start": "2016", "ordinal": "6", "current": "true"}),
    "a web address for a slug": asserting({**TENURE, "person": "https://example.org/p"}),
    "slugs that begin like words of JSON-LD": {
        "article": "id-cards",
        "people": {"types": {}, "id-1": {}},
    },
    "a kind of one's own": asserting({**EVENT, "kind": "https://example.org/kinds#strike"}),
    "a day by its address": statement(day="http://www.w3.org/2006/time#Monday"),
    "a label": asserting({**TENURE, "id": "_:a-1", "reason": ["_:b", "event/x", "topic/y"]}),
    "an event by its id": statement(asserts=["event/x", {"id": "_:y"}, {"@id": "event/z"}]),
    "more of an event of another file": asserting({"type": "Event", "id": "event/x", "via": "y"}),
    "more of somebody of another file": {"article": "a", "people": {"x": {}}},
    "the words of JSON-LD": asserting(
        {"@type": "Tenure", "@id": "_:a", "person": "p", "office": "o"}
    ),
    "its context": {"@context": CONTEXT_IRI, "article": "a"},
    "tags in capitals and of regions": entity(name={"AR": "x", "en-GB": "y"}),
    "a Wikidata item by its address": entity(
        wikidata="http://www.wikidata.org/entity/Q1", evidence="e"
    ),
    "two parties": asserting({**PARTIES, "between": ["person/a", "organisation/b"]}),
    "one and the other": asserting({**PARTIES, "subject": "person/a", "object": "article/b"}),
}

INVALID = {
    "no mapping": [],
    "nothing": None,
    "no article": {"people": {}},
    "unknown key at the top": {"article": "a", "poeple": {}},
    "unknown key of an entity": entity(nmae={"en": "x"}),
    "key of another class": asserting({**TENURE, "kind": "election"}),
    "key that kgpub computes": asserting({**TENURE, "earliest": "2016-01-01"}),
    "checksum": {"article": "a", "checksum": "sha256:0"},
    "another context": {"@context": "https://example.org/", "article": "a"},
    "bad slug of a section": {"article": "a", "people": {"Sami Nur": {}}},
    "slug that is too long": {"article": "a", "people": {"a" * 101: {}}},
    "slug that is a word of JSON-LD": {"article": "a", "people": {"type": {}}},
    "another": {"article": "a", "topics": {"id": {}}},
    "reference to one": asserting({**TENURE, "person": "id"}),
    "article of such a name": {"article": "type"},
    "reference that is too long": asserting({**TENURE, "person": "a" * 101}),
    "bad slug": asserting({**TENURE, "person": "Sami Nur"}),
    "double hyphen": asserting({**TENURE, "person": "sami--nur"}),
    "slug with its folder": asserting({**TENURE, "person": "person/sami"}),
    "bare slug where the folder is needed": statement(about="security"),
    "folder that is none": statement(about="people/x"),
    "event as a speaker": statement(**{"said-by": "event/x"}),
    "label as a speaker": statement(**{"said-by": "_:x"}),
    "bad label": asserting({**TENURE, "reason": "_:a b"}),
    "label that ends in a hyphen": asserting({**TENURE, "id": "_:a-"}),
    "event's id on a fact": asserting({**TENURE, "id": "event/x"}),
    "id of a statement": statement(id="_:x"),
    "id of an entity": entity(id="person/x"),
    "both words for the type": asserting({**TENURE, "@type": "Tenure"}),
    "property as an item": entity(wikidata="P31", evidence="e"),
    "page as an item": entity(wikidata="https://www.wikidata.org/wiki/Q31", evidence="e"),
    "item without evidence": entity(wikidata="Q31"),
    "evidence without an item": entity(evidence="e"),
    "two items": entity(wikidata=["Q1", "Q2"], evidence="e"),
    "introduction without a speaker": statement(**{"introduced-by": "he said"}),
    "no words": {"article": "a", "statements": [{"about": "topic/x"}]},
    "blank words": statement(words=" "),
    "no value": read("article: a\nstatements: [{words: }]"),
    "list of words": statement(words=["w"]),
    "text without its language": entity(name="X"),
    "language that is none": entity(name={"english": "X"}),
    "no text at all": entity(name={}),
    "two names in one language": entity(name={"en": ["X", "Y"]}),
    "name of two lines": entity(name={"en": "X\nY"}),
    "name and line break": entity(name={"en": "X\n"}),
    "name and space": entity(name={"en": "X "}),
    "space and spelling": entity(**{"alternative-name": {"en": " X"}}),
    "sign of direction": entity(name={"ar": "\u202eX"}),
    "list without items": statement(about=[]),
    "no type": asserting({"person": "p", "office": "o"}),
    "misspelt type": asserting({**TENURE, "type": "Tenur"}),
    "type of another place": {"article": "a", "statements": [{"words": "w", "type": "Tenure"}]},
    "office missing": asserting({"type": "Tenure", "person": "p"}),
    "two persons of one office": asserting({**TENURE, "person": ["p", "q"]}),
    "kind missing": asserting({"type": "Event"}),
    "kind missing of an event with a label": asserting({"type": "Event", "id": "_:x"}),
    "misspelt kind": asserting({**EVENT, "kind": "elction"}),
    "kind of another scheme": asserting({**EVENT, "kind": "political-party"}),
    "role of an event in a membership": asserting(
        {"type": "Membership", "person": "p", "organisation": "o", "role": "victim"}
    ),
    "neither organisation nor kind of one": asserting({"type": "Membership", "person": "p"}),
    "both": asserting({"type": "Membership", "person": "p", "organisation": "o",
                       "organisation-kind": "government"}),
    "two organisations": asserting({"type": "Membership", "person": "p",
                                    "organisation": ["o", "q"]}),
    "one party": asserting({**PARTIES, "between": ["person/a"]}),
    "no party": asserting(PARTIES),
    "subject without object": asserting({**PARTIES, "subject": "person/a"}),
    "both sorts of parties": asserting({**PARTIES, "between": ["person/a", "person/b"],
                                        "subject": "person/a", "object": "person/b"}),
    "two subjects": asserting({**PARTIES, "subject": ["person/a", "person/b"],
                               "object": "person/c"}),
    "participant without a role": asserting({**EVENT, "participants": [{"who": "person/x"}]}),
    "date the wrong way round": asserting({**TENURE, "start": "13/5/2020"}),
    "five digits": asserting({**TENURE, "start": 20160}),
    "not negated": asserting({**TENURE, "negated": False}),
    "yes": asserting({**TENURE, "current": "yes"}),
    "number for true": entity("offices", **{"single-holder": 1}),
    "the zeroth": asserting({**TENURE, "ordinal": 0}),
    "ordinal in words": asserting({**TENURE, "ordinal": "sixth"}),
    "since when without the which": asserting({**TENURE, "counted-since": 2003}),
    "no day of the week": statement(day="Caturday"),
    "occurrence 0": statement(occurrence=0),
    "two occurrences": statement(occurrence=[1, 2]),
    "month 13": {"article": "a", "date": "2020-13-01"},
    "day that is none": {"article": "a", "date": "2021-02-29"},
    "30 February as the start": asserting({**TENURE, "start": "2019-02-30"}),
    "31 April as an end": asserting({**TENURE, "start": "2019/2020-04-31"}),
    "year alone": {"article": "a", "date": 2021},
}  # fmt: skip


@pytest.mark.parametrize("document", VALID.values(), ids=VALID)
def test_valid(document: Any) -> None:
    assert faults(document) == []


@pytest.mark.parametrize("document", INVALID.values(), ids=INVALID)
def test_invalid(document: Any) -> None:
    assert faults(document) != []


METADATA: dict[str, Any] = {"title": {"ar": "خبر"}, "language": "ar", "publisher": "the-paper"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"title": "خبر"}, "$.title"),
        ({"title": {"ar": ["خبر", "نبأ"]}}, "$.title"),
        ({"language": "arabic"}, "$.language"),
        ({"publisher": "organisation/the-paper"}, "$.publisher"),
        ({"published": "May 2020"}, "$.published"),
        ({"source": "www.example.org"}, "$.source"),
        ({"text": {"ar": "نص"}}, "$"),
        ({"@context": CONTEXT_IRI}, "$"),
    ],
)
def test_a_fault_in_an_article_s_metadata_is_told_where_it_is(
    change: dict[str, Any], place: str
) -> None:
    assert faults(METADATA, ARTICLES) == []
    told = faults({**METADATA, **change}, ARTICLES)
    assert [fault.split(":")[0].removesuffix(".ar") for fault in told] == [place]


@pytest.mark.parametrize("missing", list(METADATA))
def test_an_article_needs_title_language_and_publisher(missing: str) -> None:
    document = {key: value for key, value in METADATA.items() if key != missing}
    assert faults(document, ARTICLES) == [f"$: {missing!r} is a required property"]


def test_every_class_has_the_keys_of_the_mapping() -> None:
    """Beside `type` and `id`, and with the one key that only a whole submission has."""
    keywords = {"type", "@type", "id", "@id", "@context"}
    known = schema("https://example.org/")
    bodies = {name: body for name, body in SUBMISSION["$defs"].items() if "properties" in body}
    classes = {name: body for name, body in bodies.items() if known.keys(name)}
    assert set(ASSERTED_TYPES) < set(classes)
    for name, body in {**classes, "Submission": SUBMISSION, "Article": ARTICLE}.items():
        assert set(body["properties"]) - keywords == known.keys(name)
        assert body["additionalProperties"] is False


def test_the_kinds_offered_are_those_of_the_schemes_with_their_definitions() -> None:
    graph = Graph().parse(ROOT / "ontology" / "schemes.ttl")
    offered = 0
    for scheme in set(graph.objects(None, SKOS.inScheme)):
        name = str(scheme).removeprefix(KIND)
        definitions = {
            str(kind).removeprefix(KIND): str(text)
            for kind in graph.subjects(SKOS.inScheme, scheme)
            for text in graph.objects(kind, SKOS.definition)
            if text.language == "en"
        }
        if name in ("LinkMethod", "ContradictionKind"):  # which kgpub writes by itself
            assert name not in SUBMISSION["$defs"]
            continue
        body = SUBMISSION["$defs"][name]
        assert dict(zip(body["enum"], body["enumDescriptions"], strict=True)) == definitions
        offered += len(definitions)
    assert offered > 150


def test_every_key_is_described_in_the_words_of_the_ontology() -> None:
    graph = Graph().parse(ROOT / "ontology" / "kgpub.ttl")
    texts = {str(text) for text in graph.objects(None, SKOS.definition) if text.language == "en"}
    for name in ("Submission", "Tenure", "Office", "Statement"):
        body = SUBMISSION if name == "Submission" else SUBMISSION["$defs"][name]
        assert body["description"] in texts
        for key, value in body["properties"].items():
            hoisted = SUBMISSION["$defs"].get(value.get("$ref", "").rpartition("/")[2], {})
            described = value.get("description") or hoisted.get("description")
            own = ("type", "@type", "id", "@id", "@context", "occurrence")
            assert described in texts or key in own, key


def test_what_stands_in_the_code_twice_is_the_same() -> None:
    """The vocabulary is below the layers that have the rules."""
    assert json_values.MAX_SLUG == slug.MAX_SLUG
    assert json_values.RESERVED == slug.RESERVED
    assert LABEL_OF_THE_MAPPING.pattern == json_values.LABEL
    assert CONTEXT_IRI == CONTEXT_OF_THE_MAPPING
    graph = Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        graph.parse(path)
    shape = URIRef("https://w3id.org/kgpub/shapes#Person-identifier")
    pattern = graph.value(shape, SH.pattern)
    assert str(pattern).endswith(f"/person/{slug.SLUG.pattern.replace('(?:', '(')}$")
