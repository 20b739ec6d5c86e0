"""The mapping gives what JSON-LD parsers give for the same submission, and they agree."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgpub.grounding.submission import ground_submission
from kgpub.mapping import map_article, map_submission
from kgpub.model.submission import ArticleFile
from kgpub.pipeline.initial import create_workspace
from kgpub.settings import read_settings
from kgpub.sources import article_folders, read_article, read_submission
from kgpub.sources.files import relative
from kgpub.vocabulary import ENTITY_SECTIONS, KIND, TIME, WIKIDATA, context
from kgpub.vocabulary.schema import FACT_TYPES, Form, Schema, schema

from . import jsonld
from .submissions import BASE, FACTS, SCHEMA, WORDS, article, plain, submit

ROOT = Path(__file__).parents[3]
NAME = f"{BASE}submission/news/facts"
LANGUAGE, PUBLISHER = "ar", "organisation/the-paper"


def _document(content: dict[str, Any]) -> dict[str, Any]:
    return jsonld.submission_document(content, BASE, NAME, LANGUAGE, PUBLISHER)


def _assert_agreement(content: dict[str, Any]) -> None:
    submitted = submit(content)
    assert submitted.mapped.problems == ()
    theirs = jsonld.by_pyoxigraph(_document(content))
    assert jsonld.differences(jsonld.stated(submitted.quads, BASE), theirs) == (set(), set())


def test_the_sample_has_keys_of_every_form() -> None:
    """So that agreement on it means something."""

    def keys(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(keys, value), set())
        return set(value).union(*map(keys, value.values())) if isinstance(value, dict) else set()

    forms = {SCHEMA.terms[key].form for key in keys(FACTS) if key in SCHEMA.terms}
    # What is retracted is left out of what is mapped, which no processor of JSON-LD would do.
    assert forms == {term.form for term in SCHEMA.terms.values()} - {Form.RETRACTION}


def test_three_parsers_and_the_mapping_agree_on_the_sample() -> None:
    graphs = [jsonld.canonical(parser(_document(FACTS))) for parser in jsonld.PARSERS]
    assert graphs[0] == graphs[1] == graphs[2]
    assert len(graphs[0]) > 100
    _assert_agreement(FACTS)


def _files(root: Path) -> list[tuple[Path, str, str]]:
    """Root of the workspace, slug and path of each submission in it."""
    return [
        (root, folder.slug, relative(path, root))
        for folder in article_folders(root)
        for path in folder.submissions
    ]


def _check_file(root: Path, slug: str, file: str) -> None:
    base = read_settings(root).base
    folder = next(folder for folder in article_folders(root) if folder.slug == slug)
    source = read_article(folder, root, folder.text.read_bytes(), folder.metadata.read_bytes())
    metadata = plain(source.tree)
    terms = schema(base)
    content = (root / file).read_bytes()
    tree = plain(read_submission(content, file, slug, terms).tree)
    name = f"{base}submission/{slug}/{Path(file).stem}"
    publisher = f"organisation/{metadata['publisher']}"
    document = jsonld.submission_document(tree, base, name, metadata["language"], publisher)
    graphs = [parser(document) for parser in jsonld.PARSERS]
    assert jsonld.differences(graphs[0], graphs[1]) == (set(), set())
    assert jsonld.differences(graphs[0], graphs[2]) == (set(), set())

    submitted = _mapped(source, content, file, terms)
    ours = jsonld.stated(submitted, base)
    assert jsonld.differences(ours, graphs[0]) == (set(), set())


def _mapped(source: ArticleFile, content: bytes, file: str, terms: Schema) -> list[ox.Quad]:
    about, _ = map_article(source, terms)
    submission = read_submission(content, file, source.slug, terms)
    grounded = ground_submission(submission.tree, source.text, file)
    mapped = map_submission(submission, about, grounded.passages, terms)
    assert (*grounded.problems, *mapped.problems) == ()
    return list(mapped.quads)


@pytest.mark.parametrize(
    ("root", "slug", "file"), _files(ROOT), ids=[file for _, _, file in _files(ROOT)]
)
def test_three_parsers_and_the_mapping_agree_on_the_repository(
    root: Path, slug: str, file: str
) -> None:
    _check_file(root, slug, file)


def test_three_parsers_and_the_mapping_agree_on_a_new_workspace(tmp_path: Path) -> None:
    create_workspace(tmp_path, BASE, "T", "P", "https://creativecommons.org/licenses/by/4.0/")
    (entry,) = _files(tmp_path)
    _check_file(*entry)


def test_three_parsers_and_the_mapping_agree_on_articles() -> None:
    for folder in article_folders(ROOT):
        content = yaml.load(folder.metadata.read_text(encoding="utf-8"), yaml.BaseLoader)
        _check_article(content, folder.metadata.read_text(encoding="utf-8"))


def test_three_parsers_and_the_mapping_agree_on_an_article_with_every_key() -> None:
    content = {
        "type": "Article",
        "title": {"ar": "خبر", "CKB": "هەواڵ"},
        "language": "ar",
        "publisher": "the-paper",
        "published": "2020-05",
        "source": ["https://example.net/a/../b?q=%20#f", "http://example.net"],
    }
    assert set(content) == SCHEMA.keys("Article") | {"type"}
    _check_article(content, yaml.safe_dump(content, allow_unicode=True))


def _check_article(content: dict[str, Any], text: str) -> None:
    document = jsonld.article_document(content, BASE, BASE + "article/news")
    graphs = [jsonld.canonical(parser(document)) for parser in jsonld.PARSERS]
    assert graphs[0] == graphs[1] == graphs[2]
    _, mapped = article(metadata=text)
    assert mapped.problems == ()
    assert jsonld.canonical(jsonld.stated(mapped.quads, BASE)) == graphs[0]


# Random submissions. What a key takes is read off the published context, not off the schema.

CONTEXT = context(BASE)
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True).filter(
    lambda slug: slug not in ("id", "type")
)
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(str.strip)
NAMES = st.builds("{}{}".format, TEXTS, st.sampled_from("ا7é"))
TAGS = st.sampled_from(["ar", "ckb", "en", "ku-Latn", "EN-gb", "zh-Hant-TW"])
FOLDERS = st.sampled_from([folder for _, folder in ENTITY_SECTIONS.values()] + ["event/"])
DIGITS = st.text("0123456789abcdef", min_size=32, max_size=32)
LABELS = [f"_:l-{number}" for number in range(6)]
IRIS = st.sampled_from(
    ["https://example.net/x?y=%C3%A9&z#f", "http://example.net", "https://example.net/كاظمي"]
)
WEEKDAYS = ("Monday", "Tuesday", "Sunday")
TIMES = st.sampled_from(["1985", "2003/..", "198X", "2020-05-07", "2006-05~", "../2003", "2019-24"])


def _one(key: str, labels: list[str]) -> st.SearchStrategy[Any]:
    """Values of `key`, other than nested nodes; `labels` may be referred to."""
    term = CONTEXT[key]
    if isinstance(term, str):
        return TEXTS
    if term.get("@container") == "@language":
        texts = st.one_of(NAMES, st.lists(NAMES, min_size=1, max_size=2))
        return st.dictionaries(TAGS, texts, min_size=1, max_size=2)
    scoped = term.get("@context", {})
    match term["@type"]:
        case "@vocab":
            return (
                st.sampled_from(WEEKDAYS)
                if scoped["@vocab"] == TIME
                else st.one_of(SLUGS.filter(lambda s: s[0].isalpha() and s not in CONTEXT), IRIS)
            )
        case "@id" if scoped.get("@base") == WIKIDATA:
            items = st.from_regex(r"Q[1-9][0-9]{0,8}", fullmatch=True)
            return st.one_of(items, items.map(WIKIDATA.__add__))
        case "@id" if scoped.get("@base") == BASE:
            own = st.builds("{}{}".format, FOLDERS, SLUGS)
            facts = st.builds("fact/{}".format, DIGITS)
            return st.one_of(own, facts, IRIS, *([st.sampled_from(labels)] if labels else []))
        case "@id":
            return st.one_of(SLUGS, IRIS) if "@base" in scoped else IRIS
        case "xsd:boolean":
            return st.sampled_from(["true", "false"])
        case "xsd:integer":
            return st.integers(-(10**9), 10**9).map(str)
        case "xsd:date":
            return st.dates().map(str)
    assert term["@type"] == "edtf:EDTF"
    return TIMES


@st.composite
def _keys(draw: st.DrawFn, type_: str, labels: list[str], without: tuple[str, ...]) -> Any:
    allowed = sorted(SCHEMA.keys(type_) - {"retracted", *without})
    chosen = draw(st.lists(st.sampled_from(allowed), unique=True, max_size=4))
    body: dict[str, Any] = {}
    for key in chosen:
        value = _one(key, labels)
        language_map = CONTEXT[key].get("@container") if isinstance(CONTEXT[key], dict) else None
        lists = value if language_map else st.one_of(value, st.lists(value, min_size=1, max_size=2))
        body[key] = draw(lists)
    return body


@st.composite
def _asserted(draw: st.DrawFn, number: int, order: str) -> Any:
    """A fact or event; it may refer to those with lower numbers, so that there is no circle.

    `after` and `before` are one relation from two sides: only that of them refers which is `order`.
    """
    if number and draw(st.integers(0, 5)) == 0:
        label = draw(st.sampled_from(LABELS[:number]))
        return draw(st.sampled_from([label, {"id": label}, {"@id": label}]))
    type_ = draw(st.sampled_from([*FACT_TYPES, "Event", "Event"]))
    labels = LABELS[:number]
    (other,) = {"after", "before"} - {order}
    body = draw(_keys(type_, labels, ("participants", other)))
    if other in SCHEMA.keys(type_) and draw(st.integers(0, 5)) == 0:
        body[other] = draw(_one(other, []))
    if type_ == "Event":
        parts = st.lists(_keys("Participation", labels, ()).filter(bool), max_size=3)
        body["participants"] = draw(parts)
    if number < len(LABELS):
        body[draw(st.sampled_from(["id", "@id"]))] = LABELS[number]
    elif type_ == "Event" and draw(st.booleans()):
        # No other key is drawn with two hyphens, so that it does not refer to itself.
        body["id"] = draw(st.builds("event/its-own-{}".format, SLUGS))
    return {draw(st.sampled_from(["type", "@type"])): type_, **body}


@st.composite
def submissions(draw: st.DrawFn) -> dict[str, Any]:
    """Submissions of every class and key of the schema, in any order, no one of them refused."""
    sections = draw(st.lists(st.sampled_from(sorted(ENTITY_SECTIONS)), unique=True, max_size=3))
    content: dict[str, Any] = {"article": "news"}
    for section in sections:
        entity = _keys(ENTITY_SECTIONS[section][0], [], ())
        content[section] = draw(st.dictionaries(SLUGS, entity, max_size=2))
    if draw(st.booleans()):
        content["date"] = draw(_one("date", []))
        content["contributor"] = draw(st.lists(TEXTS, min_size=1, max_size=2))
    statements = []
    number = 0
    order = draw(st.sampled_from(["after", "before"]))
    for words in WORDS[: draw(st.integers(0, 3))]:
        asserted = []
        for _ in range(draw(st.integers(0, 4))):
            asserted.append(draw(_asserted(number, order)))
            number += 1
        labels = [
            fact.get("id", fact.get("@id"))
            for other in [*statements, {"asserts": asserted}]
            for fact in other["asserts"]
            if isinstance(fact, dict) and len(fact) > 1
        ]
        given_labels = [label for label in labels if label in LABELS]
        apart = ("words", "asserts", "occurrence", "introduced-by", "said-by")
        statement = {
            **draw(_keys("Statement", given_labels, apart)), "words": words, "asserts": asserted,
        }  # fmt: skip
        if draw(st.booleans()):
            statement["said-by"] = f"person/{draw(SLUGS)}"
            statement["introduced-by"] = "قال"
        if draw(st.booleans()):
            statement["type"] = draw(st.sampled_from(["Statement", "Quotation"]))
        statements.append(statement)
    content["statements"] = statements
    seed = draw(st.integers(0, 100))
    return _shuffled(_without_dangling(content), random.Random(seed))


def _without_dangling(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out references to labels that were drawn for a reference and never given."""
    given_labels = {
        fact.get("id", fact.get("@id"))
        for statement in content["statements"]
        for fact in statement["asserts"]
        if isinstance(fact, dict) and len(fact) > 1
    }

    def kept(value: Any) -> bool:
        name = value.get("id", value.get("@id")) if isinstance(value, dict) else value
        return not (isinstance(name, str) and name.startswith("_:l-") and name not in given_labels)

    def clean(value: Any) -> Any:
        if isinstance(value, list):
            return [clean(item) for item in value if kept(item)]
        if isinstance(value, dict):
            parts = {key: (part, clean(part)) for key, part in value.items() if kept(part)}
            # A list of nothing but such references would be refused for having no value.
            return {key: after for key, (before, after) in parts.items() if after or not before}
        return value

    cleaned: dict[str, Any] = clean(content)
    for statement in cleaned["statements"]:
        for fact in statement.get("asserts", ()):
            if isinstance(fact, dict) and isinstance(fact.get("participants"), list):
                fact["participants"] = [part for part in fact["participants"] if part]
    return cleaned


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, list):
        return [_shuffled(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    items = list(value.items())
    chance.shuffle(items)
    return {key: _shuffled(part, chance) for key, part in items}


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(submissions())
def test_the_mapping_is_what_json_ld_says_of_any_submission(content: dict[str, Any]) -> None:
    _assert_agreement(content)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(submissions())
def test_three_parsers_agree_on_any_submission(content: dict[str, Any]) -> None:
    document = _document(content)
    graphs = [parser(document) for parser in jsonld.PARSERS]
    assert jsonld.differences(graphs[0], graphs[1]) == (set(), set())
    assert jsonld.differences(graphs[0], graphs[2]) == (set(), set())


def test_no_concept_is_named_like_a_term_of_the_context() -> None:
    """For there JSON-LD would read the term: `kind: title` would be the property."""
    triples = ox.parse(path=str(ROOT / "ontology" / "schemes.ttl"), format=ox.RdfFormat.TURTLE)
    names = {quad.subject.value.removeprefix(KIND) for quad in triples}
    assert len(names) > 100
    assert names & set(CONTEXT) == set()


def test_a_concept_named_like_a_term_is_refused_as_json_ld_would_mean_the_term() -> None:
    content = {"organisations": {"a": {"kind": "title"}}}
    (message,) = submit(content).messages
    assert "'title' is a key or class, and cannot be a kind" in message
    assert "write https://w3id.org/kgpub/kind#title" in message
    document = _document(content)
    assert any(str(t.object).endswith("ontology#title>") for t in jsonld.by_pyoxigraph(document))
