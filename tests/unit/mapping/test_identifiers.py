"""Identifiers are the documented hashes, the same for the same however it is written."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.mapping import map_submission
from kgpub.model.submission import SubmissionFile
from kgpub.pipeline.dataset import DatasetReading
from kgpub.sources import read_submission
from kgpub.vocabulary import KG, OWL
from kgpub.vocabulary.schema import schema

from .submissions import (
    BASE,
    FACTS,
    METADATA,
    SCHEMA,
    TEXT,
    WORDS,
    article,
    asserting,
    submit,
)

WD = "http://www.wikidata.org/entity/"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
TENURE = {"type": "Tenure", "person": "sami-nur", "office": "mayor"}
ARTICLE = f"{BASE}article/news"


def _digits(*lines: str) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8")).hexdigest()[:32]


# Worked out by hand from what `kgpub.mapping.minting` documents.


def test_a_statement_is_its_class_its_passage_and_its_speaker() -> None:
    submitted = submit({"article": "news", "statements": [{"words": WORDS[2]}]})
    start = TEXT.index(WORDS[2])
    passage = f"{ARTICLE}/article.txt#char={start},{start + len(WORDS[2])}"
    digits = _digits("a Statement", f"at <{passage}>", f"by <{BASE}organisation/the-paper>")
    assert submitted.typed("Statement") == {f"{BASE}statement/{digits}"}
    assert submitted.typed("Passage") == {passage}


def test_a_quotation_is_said_by_its_speaker() -> None:
    statement = {"words": WORDS[2], "said-by": "person/sami-nur", "about": "office/mayor"}
    submitted = submit({"article": "news", "statements": [statement]})
    (passage,) = submitted.typed("Passage")
    digits = _digits("a Quotation", f"at <{passage}>", f"by <{BASE}person/sami-nur>")
    assert submitted.typed("Quotation") == {f"{BASE}statement/{digits}"}


def test_a_tenure_is_all_that_is_written_about_it() -> None:
    tenure = {**TENURE, "start": "2016", "negated": "true", "manner": {"ar": 'قال "نعم"'}}
    digits = _digits(
        "a Tenure",
        f"<{KG}person> <{BASE}person/sami-nur>",
        f"<{KG}office> <{BASE}office/mayor>",
        f'<{KG}start> "2016"^^<{EDTF}>',
        f'<{KG}negated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        f'<{KG}manner> "قال \\"نعم\\""@ar',
    )
    assert submit(asserting(tenure)).typed("Tenure") == {f"{BASE}fact/{digits}"}


def test_a_fact_that_refers_to_another_has_that_ones_iri_in_its_hash() -> None:
    reason = {"id": "_:r", "type": "Stance", "kind": "supports", "holder": "person/sami-nur"}
    submitted = submit(asserting({**TENURE, "reason": "_:r"}, reason))
    (stance,) = submitted.typed("Stance")
    assert stance == f"{BASE}fact/" + _digits(
        "a Stance",
        f"<{KG}kind> <https://w3id.org/kgpub/kind#supports>",
        f"<{KG}holder> <{BASE}person/sami-nur>",
    )
    digits = _digits(
        "a Tenure",
        f"<{KG}person> <{BASE}person/sami-nur>",
        f"<{KG}office> <{BASE}office/mayor>",
        f"<{KG}reason> <{stance}>",
    )
    assert submitted.typed("Tenure") == {f"{BASE}fact/{digits}"}


def test_an_event_and_its_participations() -> None:
    who, role = f"<{BASE}person/sami-nur>", "<https://w3id.org/kgpub/kind#agent>"
    event = {
        "type": "Event",
        "kind": "departure",
        "participants": {"who": "person/sami-nur", "role": "agent"},
    }
    submitted = submit(asserting(event))
    inside = " ".join(sorted(["a Participation", f"<{KG}participant> {who}", f"<{KG}role> {role}"]))
    name = f"{BASE}event/" + _digits(
        "a Event",
        f"<{KG}kind> <https://w3id.org/kgpub/kind#departure>",
        f"<{KG}participation> [{inside}]",
    )
    assert submitted.typed("Event") == {name}
    part = _digits(
        f"event <{name}>", "a Participation", f"<{KG}participant> {who}", f"<{KG}role> {role}"
    )
    assert submitted.typed("Participation") == {f"{BASE}participation/{part}"}


def test_a_link_and_what_it_says() -> None:
    body = {"name": {"en": "Sami"}, "wikidata": "Q42", "evidence": "Same office."}
    quads = submit({"article": "news", "people": {"sami-nur": body}}).quads
    entity, item = f"{BASE}person/sami-nur", f"{WD}Q42"
    method = "https://w3id.org/kgpub/kind#declared"
    link = f"{BASE}link/" + _digits(f"entity <{entity}>", f"item <{item}>", f"method <{method}>")
    graph = NamedNode(f"{BASE}graph/links")
    rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    expected = {
        (link, rdf_type, NamedNode(KG + "Link")),
        (link, KG + "linkedEntity", NamedNode(entity)),
        (link, KG + "linkedItem", NamedNode(item)),
        (link, KG + "method", NamedNode(method)),
        (link, KG + "score", Literal("1", datatype=decimal)),
        (link, KG + "evidence", Literal("Same office.")),
        (entity, OWL + "sameAs", NamedNode(item)),
    }
    found = {
        (quad.subject.value, quad.predicate.value, quad.object)
        for quad in quads
        if quad.graph_name == graph
    }
    assert found == expected


# The same, however it is written.


def _reversed(value: Any) -> Any:
    """Everything whose order means nothing, backwards."""
    if isinstance(value, list):
        return [_reversed(item) for item in reversed(value)]
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return value


def _shuffled(value: Any, chance: random.Random) -> Any:
    if not isinstance(value, list | dict):
        return value
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    chance.shuffle(items)
    parts = [(key, _shuffled(part, chance)) for key, part in items]
    return dict(parts) if isinstance(value, dict) else [part for _, part in parts]


def _stated(quads: Iterable[Quad]) -> set[Quad]:
    """The quads without the checksum of the file, which is the bytes' and not the facts'."""
    return {quad for quad in quads if quad.predicate.value != KG + "checksum"}


EXPECTED = _stated(submit(FACTS).quads)


def test_the_order_of_keys_and_statements_means_nothing() -> None:
    assert _reversed(FACTS) != FACTS or list(_reversed(FACTS)) != list(FACTS)
    assert _stated(submit(_reversed(FACTS)).quads) == EXPECTED


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_no_order_means_anything(seed: int) -> None:
    shuffled = _shuffled(copy.deepcopy(FACTS), random.Random(seed))
    assert _stated(submit(shuffled).quads) == EXPECTED


@pytest.mark.parametrize("flow", [True, False, None])
def test_yaml_json_and_json_ld_of_the_same_content_are_the_same(flow: bool | None) -> None:
    file = "articles/news/facts.yaml"
    as_yaml = yaml.safe_dump(FACTS, allow_unicode=True, default_flow_style=flow, sort_keys=True)
    with_context = {
        "@context": "https://w3id.org/kgpub/ontology/context.jsonld",
        "@type": "Submission",
        **FACTS,
    }
    as_json = json.dumps(FACTS, indent=1)
    sources = {
        file: as_yaml,
        "articles/news/facts.json": as_json,
        "articles/news/facts.jsonld": json.dumps(_keywords(with_context)),
    }
    for name, content in sources.items():
        renamed = {
            quad
            if quad.predicate.value != KG + "file"
            else Quad(quad.subject, quad.predicate, Literal(file), quad.graph_name)
            for quad in _stated(submit(content, file=name).quads)
        }
        assert renamed == EXPECTED


def _keywords(value: Any) -> Any:
    """JSON-LD's own keywords in place of their aliases."""
    if isinstance(value, list):
        return [_keywords(item) for item in value]
    if isinstance(value, dict):
        names = {"id": "@id", "type": "@type"}
        return {names.get(key, key): _keywords(part) for key, part in value.items()}
    return value


def test_a_table_is_the_same_as_the_yaml_that_says_the_same() -> None:
    people = (
        "id,name@ar,name@en,alternative-name@ar,wikidata,evidence\r\n"
        "sami-nur,سامي نور,Sami Nur,أبو نور|سامي,Q42,\r\n"
        'lina,"لينا, ""الكاتبة""",,,,\r\n'
    )
    tree = {
        "article": "news",
        "people": {
            "sami-nur": {
                "name": {"ar": "سامي نور", "en": "Sami Nur"},
                "alternative-name": {"ar": ["أبو نور", "سامي"]},
                "wikidata": "Q42",
            },
            "lina": {"name": {"ar": 'لينا, "الكاتبة"'}},
        },
    }
    _same_but_for_the_file(people, tree, "people")

    tenures = (
        "words,said-by,topic,person,office,start,end,negated\n"
        f"{WORDS[0]},,,sami-nur,mayor,2016,,\n"
        f"{WORDS[1]},person/lina,,lina,mayor,,2015,true\n"
    )
    first = {**TENURE, "start": "2016"}
    second = {**TENURE, "person": "lina", "end": "2015", "negated": "true"}
    tree = {
        "article": "news",
        "statements": [
            {"words": WORDS[0], "asserts": first},
            {"words": WORDS[1], "said-by": "person/lina", "asserts": [second]},
        ],
    }
    _same_but_for_the_file(tenures, tree, "tenures")


def _same_but_for_the_file(table: str, tree: dict[str, Any], stem: str) -> None:
    apart = {KG + "file", KG + "checksum"}
    found = [
        {quad for quad in submitted.quads if quad.predicate.value not in apart}
        for submitted in (
            submit(table, file=f"articles/news/{stem}.csv"),
            submit(tree, file=f"articles/news/{stem}.yaml"),
        )
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 10


_PROGRAM = """
import sys
from pathlib import Path
from kgpub.pipeline.dataset import DatasetReading
from kgpub.vocabulary.schema import schema
root = Path(sys.argv[1])
dataset = DatasetReading(root, schema(sys.argv[2]), None, lambda _: None).read()
print(*dataset.problems, *dataset.quads(), *(p.mapped.positions for p in dataset.parts), sep="\\n")
"""


def _workspace(root: Path, *broken: str) -> Path:
    folder = root / "articles" / "news"
    folder.mkdir(parents=True)
    (folder / "article.txt").write_text(TEXT, encoding="utf-8")
    (folder / "article.yaml").write_text(METADATA, encoding="utf-8")
    (folder / "facts.json").write_text(json.dumps(FACTS), encoding="utf-8")
    # Several circles; which is told may depend on nothing but the file.
    labels = [f"_:{letter * 3}" for letter in "bcdefgh"]
    circle: list[dict[str, Any]] = [{**TENURE, "id": "_:a", "reason": labels}]
    for label in labels:
        circle.append({**TENURE, "id": label, "reason": f"{label}-2"})
        circle.append({**TENURE, "id": f"{label}-2", "reason": label})
    for name in broken:
        (folder / f"{name}.json").write_text(json.dumps(asserting(*circle)), encoding="utf-8")
    return root


def test_any_process_gives_the_same_quads_and_problems_in_the_same_order(tmp_path: Path) -> None:
    """Python's hashes of texts, and so the order of its sets, change from process to process."""
    root = _workspace(tmp_path, "circle")
    outputs = [
        subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(root), BASE],
            env={
                **os.environ,
                "PYTHONHASHSEED": str(seed),
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed in (0, 1, 2)
    ]
    assert outputs[0] == outputs[1] == outputs[2]
    assert outputs[0].decode().count("in a circle") == 1


def test_the_folder_that_a_workspace_lies_in_means_nothing(tmp_path: Path) -> None:
    roots = [_workspace(tmp_path / "a"), _workspace(tmp_path / "b" / "c d")]
    parts = [DatasetReading(root, SCHEMA, None, lambda _: None).read().parts for root in roots]
    assert [part.mapped for part in parts[0]] == [part.mapped for part in parts[1]]
    assert len(parts[0]) == 2


def test_only_the_base_tells_two_workspaces_apart() -> None:
    other = "http://other.example/kb/"
    here, there = submit(FACTS), submit(FACTS, schema=schema(other))

    def without_hashes(quads: Iterable[Quad]) -> set[str]:
        texts = (str(quad).replace(BASE, other) for quad in quads)
        return {text for text in texts if not re.search("/[0-9a-f]{32}>", text)}

    assert len(here.quads) == len(there.quads)
    assert without_hashes(here.quads) == without_hashes(there.quads)
    assert len(without_hashes(here.quads)) > 50


def test_submitting_twice_adds_nothing() -> None:
    event = {"type": "Event", "kind": "departure", "participants": [{"who": "person/sami-nur"}]}
    statement = {"words": WORDS[0], "asserts": [{**TENURE, "start": "2016"}, event]}
    once = submit({"article": "news", "statements": [statement]})
    twice = submit({"article": "news", "statements": [statement, statement]})
    assert once.problems == twice.problems == ()
    assert _stated(once.quads) == _stated(twice.quads)

    again = submit({"article": "news", "statements": [statement]}, "articles/news/more.yaml")
    own = f"{BASE}submission/news/"
    first, second = (
        {quad.triple for quad in submitted.quads if not quad.subject.value.startswith(own)}
        for submitted in (once, again)
    )
    assert first == second
    assert len(first) > 10


def test_a_label_is_no_part_of_what_it_labels() -> None:
    plain = submit(asserting(TENURE)).typed("Tenure")
    assert submit(asserting({**TENURE, "id": "_:x"})).typed("Tenure") == plain
    both = submit(asserting({**TENURE, "id": "_:x"}, {**TENURE, "id": "_:y"}, TENURE))
    assert both.typed("Tenure") == plain


# The same in two articles, and not the same.


def _in(slug: str, fact: dict[str, Any]) -> set[str]:
    content = {**asserting(fact), "article": slug}
    submitted = submit(content, file=f"articles/{slug}/facts.yaml", slug=slug)
    assert submitted.problems == ()
    return submitted.typed(fact["type"])


@pytest.mark.parametrize(
    ("written", "shared"),
    [
        ({}, True),
        ({"start": "2016"}, True),
        ({"time": "2020-05-07"}, True),
        ({"day": "Thursday"}, False),
        ({"day": "Thursday", "time": "2020-05-07"}, True),
        ({"day": "Thursday", "ordinal": "6"}, False),
    ],
)
@pytest.mark.parametrize("fact", [TENURE, {"type": "Event", "kind": "departure"}])
def test_a_fact_of_two_articles_is_one_unless_its_time_is_relative_to_its_article(
    fact: dict[str, str], written: dict[str, str], shared: bool
) -> None:
    here, there = _in("news", {**fact, **written}), _in("more-news", {**fact, **written})
    assert len(here) == len(there) == 1
    assert (here == there) is shared


def test_what_refers_to_a_relative_time_is_of_its_article_as_well() -> None:
    def stance(slug: str) -> set[str]:
        event = {"id": "_:e", "type": "Event", "kind": "departure", "day": "Thursday"}
        content = asserting(event, {"type": "Stance", "kind": "supports", "target": "_:e"})
        return submit({**content, "article": slug}, slug=slug).typed("Stance")

    assert stance("news") != stance("more-news")


def test_statements_of_two_articles_are_two() -> None:
    here = submit(asserting(TENURE)).typed("Statement")
    there = submit({**asserting(TENURE), "article": "more-news"}, slug="more-news")
    assert here.isdisjoint(there.typed("Statement"))


@pytest.mark.parametrize(
    ("first", "second"),
    list(
        itertools.combinations(
            [
                TENURE,
                {**TENURE, "type": "Membership", "organisation": "council"},
                {**TENURE, "office": "clerk"},
                {**TENURE, "start": "2016"},
                {**TENURE, "start": "2016-01"},
                {**TENURE, "end": "2016"},
                {**TENURE, "negated": "true"},
                {**TENURE, "manner": {"ar": "صمت"}},
                {**TENURE, "manner": {"ckb": "صمت"}},
                {**TENURE, "manner": {"ar": "صمت", "ckb": "صمت"}},
            ],
            2,
        )
    ),
)
def test_facts_that_differ_in_anything_have_different_iris(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    def name(fact: dict[str, Any]) -> set[str]:
        kept = {key: value for key, value in fact.items() if key in SCHEMA.keys(fact["type"])}
        return submit(asserting({**kept, "type": fact["type"]})).typed(fact["type"])

    assert len(name(first) | name(second)) == 2


XML = st.sampled_from("\t\n\r") | st.characters(
    min_codepoint=0x20, exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"
)
"""What XML can hold, and so a submission."""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(XML, min_size=1, max_size=6).filter(str.strip), min_size=2, max_size=3))
def test_no_text_can_pretend_to_be_another_line(texts: list[str]) -> None:
    """Line breaks, quotes and brackets inside texts stay inside: the lines are of N-Triples."""
    crafted = [*texts, texts[0] + f'"@ar\n<{KG}topic> <{BASE}topic/x>', texts[0]]
    names = {
        text: frozenset(
            submit(json.dumps(asserting({**TENURE, "manner": {"ar": text}})), "f.json").typed(
                "Tenure"
            )
        )
        for text in crafted
    }
    assert len(set(names.values())) == len(set(crafted))
    assert all(len(name) == 1 for name in names.values())


def test_no_blank_node_is_left() -> None:
    for quad in submit(FACTS).quads:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        assert all(isinstance(term, NamedNode | Literal) for term in terms)


def test_a_submission_is_mapped_into_its_own_graph_and_that_of_links() -> None:
    graphs = {quad.graph_name.value for quad in submit(FACTS).quads}
    assert graphs == {f"{BASE}submission/news/facts", f"{BASE}graph/links"}
    about, mapped = article()
    assert {quad.graph_name for quad in mapped.quads} == {about.name}


def test_of_statements_that_have_no_passage_all_else_is_mapped() -> None:
    """What refuses them is known, and what else is wrong with them can be told."""
    twice = asserting(TENURE)
    twice["statements"] *= 2
    source = read_submission(json.dumps(twice).encode(), "f.json", "news", SCHEMA)
    about, _ = article()
    assert isinstance(source, SubmissionFile)
    mapped = map_submission(source, about, {}, SCHEMA)
    asserts = [quad for quad in mapped.quads if quad.predicate.value == KG + "asserts"]
    # Nothing tells that these are the same words at the same place of the article.
    assert len({quad.subject for quad in asserts}) == 2
    (fact,) = {quad.object for quad in asserts}
    whole = submit(asserting(TENURE))
    for quads in (mapped.quads, whole.quads):
        assert fact in {quad.subject for quad in quads}
    assert KG + "passage" in {quad.predicate.value for quad in whole.quads}
    assert KG + "passage" not in {quad.predicate.value for quad in mapped.quads}
