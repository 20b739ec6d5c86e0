"""Whatever stands where it should not: told or mapped, and nothing of it lost in silence."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgpub.errors import SubmissionErrors
from kgpub.mapping import map_article
from kgpub.model.submission import ArticleFile
from kgpub.sources.json_tree import read_json

from . import jsonld
from .submissions import BASE, FACTS, SCHEMA, TEXT, WORDS, plain, submit

NAME = f"{BASE}submission/news/facts"
PUBLISHER = "organisation/the-paper"
Path = tuple[Any, ...]

INTRUDERS: list[Any] = [
    "",
    "x",
    "نص",
    "_:term",
    "event/election",
    "\x00\u202e\ufeff",
    [],
    [[]],
    ["x", ["y"]],
    {},
    {"": ""},
    {"x": {"y": ["z"]}},
    {"id": "_:term"},
    {"id": {"id": []}},
    {"type": "Tenure"},
    {"@value": "x", "@language": "ar"},
    {"ar": "نص"},
    [{"words": "نعم"}],
    {"__proto__": {"x": "y"}, "$ref": "#", "constructor": []},
]


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _paths(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _paths(part, (*path, index))


PATHS = list(_paths(FACTS))


def _replaced(content: Any, path: Path, intruder: Any) -> Any:
    if not path:
        return intruder
    parent = content
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = intruder
    return content


def _reached(content: Any, path: Path) -> bool:
    for step in path:
        known = range(len(content)) if isinstance(content, list) else content
        if not isinstance(content, list | dict) or step not in known:
            return False
        content = content[step]
    return True


def _check(content: Any) -> None:
    """Reading, grounding and mapping end in problems at places of the file, or in agreement."""
    written = json.dumps(content, ensure_ascii=False)
    try:
        submitted = submit(written, file="articles/news/facts.json")
    except SubmissionErrors as errors:
        assert errors.problems
        return
    for problem in submitted.problems:
        assert problem.place.file == "articles/news/facts.json"
        assert problem.place.line == 1
        assert 1 <= problem.place.column <= len(written)
        assert problem.message
    if not submitted.problems:
        document = jsonld.submission_document(plain(submitted.tree), BASE, NAME, "ar", PUBLISHER)
        theirs = jsonld.by_pyoxigraph(document)
        ours = jsonld.stated(submitted.quads, BASE)
        assert jsonld.differences(ours, theirs) == (set(), set())


@pytest.mark.parametrize("intruder", INTRUDERS, ids=lambda value: json.dumps(value)[:30])
def test_any_intruder_at_any_place_is_told_or_means_what_json_ld_says(intruder: Any) -> None:
    for path in PATHS:
        _check(_replaced(copy.deepcopy(FACTS), path, copy.deepcopy(intruder)))


@pytest.mark.parametrize(
    "key", ["no_key", "@id", "@type", "@reverse", "@included", "kg:name", "", "فعل"]
)
def test_any_unknown_key_at_any_place_is_told(key: str) -> None:
    places = [path for path in PATHS if isinstance(_at(FACTS, path), dict)]
    told = [
        bool(submit(_replaced(copy.deepcopy(FACTS), (*path, key), "zzz")).problems)
        for path in places
    ]
    assert len(told) > 20
    assert all(told)


def _at(content: Any, path: Path) -> Any:
    for step in path:
        content = content[step]
    return content


TREES = st.recursive(
    st.text(max_size=5) | st.sampled_from(["x", "_:term", "event/election", "2016", "true", "Q1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*SCHEMA.terms, "id", "type", "@id", "@type", "ar", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PATHS), TREES), min_size=1, max_size=4))
def test_any_trees_at_any_places_are_told_or_mean_what_json_ld_says(
    changes: list[tuple[Path, Any]],
) -> None:
    content = copy.deepcopy(FACTS)
    for path, tree in changes:
        if _reached(content, path):
            content = _replaced(content, path, tree)
    _check(content)


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_any_tree_may_be_given_as_an_article(tree: Any) -> None:
    written = read_json(json.dumps(tree), "article.json")
    about, mapped = map_article(
        ArticleFile("news", "article.json", TEXT, "sha256:0", written), SCHEMA
    )
    assert about.language
    assert len(mapped.quads) == len(mapped.positions) >= 3


def _seconds(content: Any) -> tuple[float, int]:
    """Time to read and map `content`, and the number of quads and problems."""
    written = json.dumps(content)
    began = time.process_time()
    submitted = submit(written, file="articles/news/facts.json")
    return time.process_time() - began, len(submitted.quads) + len(submitted.problems)


def test_links_times_evidence_is_no_square() -> None:
    entity = {
        "wikidata": [f"Q{n}" for n in range(1, 2_001)],
        "evidence": [f"e{n}" for n in range(2_000)],
    }
    seconds, size = _seconds({"article": "news", "people": {"a": entity}})
    assert size < 10_000
    assert seconds < 5


def test_references_without_a_folder_times_entities_is_no_square() -> None:
    people = {f"p-{n}": {"name": {"ar": "س"}} for n in range(20_000)}
    about = [f"p-{n}" for n in range(20_000)]
    content = {"article": "news", "people": people, "statements": {"words": "نعم", "about": about}}
    seconds, _ = _seconds(content)
    assert seconds < 20


def test_a_file_with_nothing_but_mistakes_is_told_a_thousand_of_them() -> None:
    content = {f"key-{n}": "x" for n in range(100_000)}
    submitted = submit(content)
    assert len(submitted.problems) == 1_001
    last = sorted(submitted.problems)[-1]
    assert last.message == "there are more problems from here on"


def test_a_slug_in_several_sections_is_suggested_with_each_folder() -> None:
    entity = {"name": {"ar": "س"}}
    content = {"article": "news", "topics": {"a": entity}, "people": {"a": entity}}
    (message,) = submit({**content, "statements": {"words": WORDS[0], "about": "a"}}).messages
    assert message.endswith("Write person/a or topic/a.")
