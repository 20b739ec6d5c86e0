"""Schema and kgpub agree on random faults: the seed's facts with one thing changed.

What kgpub refuses when it reads the file (mapping) or its words (grounding), the schema refuses.
What the schema refuses, kgpub refuses too, at the latest by its shapes. Where they differ is
listed.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple
from tests.unit.vocabulary.documents import ROOT, SEED, read, read_file

from kgpub.errors import FileProblems
from kgpub.grounding.submission import ground_submission
from kgpub.mapping import map_article, map_submission
from kgpub.mapping.reading import Reading
from kgpub.model.report import VIOLATION
from kgpub.model.submission import ArticleFile, SubmissionFile
from kgpub.sources import read_submission
from kgpub.sources.files import checksum
from kgpub.sources.yaml_tree import read_yaml
from kgpub.validation import Shapes
from kgpub.validation.engines import FastEngine
from kgpub.vocabulary.json_schema import submission_schema
from kgpub.vocabulary.schema import schema, shape_files

BASE = "https://example.org/data/"
SCHEMA = schema(BASE)
SLUG = SEED.name
TEXT = (SEED / "article.txt").read_text(encoding="utf-8")
FACTS = read_file(SEED / "facts.yaml")
VALIDATOR = Draft202012Validator(
    submission_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
)
COPIED = ("words", "introduced-by", "spelling")
"""Where other words would only not be found in the article."""

Path = tuple[str | int, ...]

LEFT_TO_KGPUB = (
    # The calendar, and which of two times comes first.
    r"has (28|29|30|31) days|ends before it begins|is not a date",
    # What is percent-encoded in an IRI, and how a host is written.
    r"is not a valid IRI|holds the invisible character",
    # A number has lost the zero before it: 0985 may have been written.
    r"^'?[^'0-9]?[0-9]{3}[^'0-9]?'? is no time in EDTF",
    # Whether all parties of a relationship are one.
    r"a relationship is between different parties",
    # How often the words stand in the article.
    r"there is no occurrence",
)
"""What kgpub says of a file where the schema says nothing."""


def read_by_kgpub(document: Any) -> list[str]:
    """What is wrong with the form of a file, as far as kgpub tells without the article."""
    source = submitted(document)
    problems = FileProblems(source.file)
    Reading(SCHEMA, problems, "ar").submission(source.tree, NamedNode(BASE + "x"))
    # Whether the words stand in the article is another question than whether they are there.
    text = "\n".join([TEXT, *copied(document)])
    grounded = ground_submission(source.tree, text, source.file).problems
    return [each.message for each in (*problems.problems, *grounded)]


def submitted(document: Any) -> SubmissionFile:
    content = json.dumps(document).encode()
    return read_submission(content, f"articles/{SLUG}/facts.json", SLUG, SCHEMA)


def copied(value: Any, key: str = "") -> Iterator[str]:
    """The texts that are copied from the article."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from copied(item, name if key not in COPIED else key)
    elif isinstance(value, list):
        for item in value:
            yield from copied(item, key)
    elif key in COPIED and isinstance(value, str | int | float) and str(value) not in TEXT:
        yield value if isinstance(value, str) else json.dumps(value)


def refused_by_kgpub(document: Any) -> list[str]:
    """What is wrong with a file that can be read, by the mapping and by the shapes."""
    source = submitted(document)
    article, metadata = _article()
    grounded = ground_submission(source.tree, TEXT, source.file)
    mapped = map_submission(source, article, grounded.passages, SCHEMA)
    data = [*(quad.triple for quad in (*metadata, *mapped.quads)), *_vocabulary()]
    results = FastEngine().validate(data, _shapes()).results
    violations = [f"{each.focus} {each.shape}" for each in results if each.severity == VIOLATION]
    return [*(each.message for each in mapped.problems), *violations]


@cache
def _article() -> tuple[Any, tuple[Quad, ...]]:
    tree = read_yaml(
        (SEED / "article.yaml").read_text(encoding="utf-8"), FileProblems("article.yaml")
    )
    file = ArticleFile(SLUG, "article.yaml", TEXT, checksum(TEXT.encode()), tree)
    article, mapped = map_article(file, SCHEMA)
    return article, mapped.quads


@cache
def _vocabulary() -> tuple[Triple, ...]:
    return tuple(
        quad.triple
        for name in ("kgpub.ttl", "schemes.ttl")
        for quad in pyoxigraph.parse(path=ROOT / "ontology" / name, format=RdfFormat.TURTLE)
    )


@cache
def _shapes() -> Shapes:
    return Shapes.parse(shape_files())


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


def at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


PLACES = [path for path in places(FACTS) if path]
MAPPINGS = [path for path in places(FACTS) if isinstance(at(FACTS, path), dict)]
KEYS = [*SCHEMA.terms, "id", "type", "@id", "@type", "@context", "nmae", "", "ar", "en-GB", "x_y"]
VALUES: list[Any] = [
    *("x", "Bad Slug", "-x", "a--b", "person/rudaw", "topic/security", "event/x", "people/x"),
    *("_:a", "_:a b", "https://example.net/x", "http://", "mailto:x@example.net", "urn:x:y"),
    *("Q42", "P1", "Q042", "http://www.wikidata.org/entity/Q7", "2016", "0985", "198X", "2003/.."),
    *("2021-02-29", "2006/2003", 985, "https://example.net/%zz", "https://example.net:x/"),
    *("13/5/2020", "2020-05-07", "20200507", "6", "06", "-6", "true", "false", "yes", "", " "),
    *("Thursday", "Caturday", "government", "city", "election", "Tenure", "Quotation", "كلمة"),
    *(0, 1, -1, 6, 2016, 20160, 1.5, True, False, None),
    *([], {}, [[]], [""], ["x"], ["x", "y"], {"en": "x"}, {"en": ["x"]}, {"english": "x"}),
    *({"en": ""}, {"id": "_:a"}, {"id": "event/x"}, {"@id": "x"}, {"type": "Tenure"}),
]
CHANGES = ("replace", "replace", "add", "add", "remove", "rename", "wrap", "double")


@dataclass(frozen=True)
class Changed:
    """The seed's facts with one thing changed, and as much of them as stands around the change."""

    whole: Any
    part: Any


@st.composite
def changed(draw: st.DrawFn) -> Changed:
    """One value replaced, removed, put in a list, put under another key, or put beside others."""
    whole = copy.deepcopy(FACTS)
    kind = draw(st.sampled_from(CHANGES))
    if kind == "add":
        path = draw(st.sampled_from(MAPPINGS))
        value = draw(st.sampled_from(VALUES))
        at(whole, path).setdefault(draw(st.sampled_from(KEYS)), value)
        return Changed(whole, around(whole, path))
    path = draw(st.sampled_from(PLACES))
    holder, last = at(whole, path[:-1]), path[-1]
    if kind == "remove":
        del holder[last]
    elif kind == "rename" and isinstance(holder, dict):
        holder.setdefault(draw(st.sampled_from(KEYS)), holder.pop(last))
    elif kind in ("wrap", "double"):
        holder[last] = [holder[last]] * (1 + (kind == "double"))
    else:
        copied = any(step in COPIED for step in path)
        usable = [each for each in VALUES if not copied or not str(each).strip()]
        holder[last] = draw(st.sampled_from(usable))
    return Changed(whole, around(whole, path[:-1]))


def around(whole: Any, path: Path) -> Any:
    """The file without the statements and entities that `path` does not lead to."""
    if len(path) < 2:
        return whole
    section, name = path[:2]
    kept = whole[section][name]
    return {"article": whole["article"], section: {name: kept} if isinstance(name, str) else [kept]}


def differs(message: str) -> bool:
    return any(re.search(pattern, message) for pattern in LEFT_TO_KGPUB)


def test_the_seed_is_valid_to_all() -> None:
    assert VALIDATOR.is_valid(FACTS)
    assert read_by_kgpub(FACTS) == refused_by_kgpub(FACTS) == []


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changed())
def test_what_kgpub_refuses_to_read_the_schema_refuses(file: Changed) -> None:
    told = read_by_kgpub(file.part)
    assert not VALIDATOR.is_valid(file.part) or [each for each in told if not differs(each)] == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changed())
def test_what_the_schema_refuses_kgpub_refuses(file: Changed) -> None:
    if VALIDATOR.is_valid(file.part) or read_by_kgpub(file.part):
        return
    only_listed = VALIDATOR.is_valid(without_lists_of_one(file.part))
    assert only_listed or refused_by_kgpub(file.whole) != []


def without_lists_of_one(value: Any) -> Any:
    """Take what is in a list by itself, or twice, out of the list."""
    if isinstance(value, dict):
        return {key: without_lists_of_one(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [without_lists_of_one(item) for item in value]
        scalar = len(items) > 0 and not isinstance(items[0], dict | list)
        return items[0] if scalar and items.count(items[0]) == len(items) else items
    return value


DIFFERENT = {
    # As it stands in the file: what the schema says, and what kgpub says.
    "list of one under a key that takes one": ("date: [2020-05-07]", False, True),
    "the same value twice": ("article: [news, news]", False, True),
    "true as a slug": ("article: true", False, True),
    "true in capitals": (
        "offices: {x: {name: {en: X}, jurisdiction: y, single-holder: True}}", True, False,
    ),
    "zeros before a number": (
        "statements: [{words: W, asserts: [{type: Holding, holder: person/x, content: {en: y}, "
        "ordinal: 06}]}]", True, False,
    ),
    "a year without them": ("statements: [{words: W, time: 985}]", True, False),
    "a year with more of them": ("statements: [{words: W, time: 0085}]", False, True),
    "a number with a point as a slug": (
        "offices: {x: {name: {en: X}, jurisdiction: 1.0}}", True, False,
    ),
    "a number with a point": (
        "statements: [{words: W, asserts: [{type: Holding, holder: person/x, content: {en: y}, "
        "ordinal: 6.0}]}]", True, False,
    ),
    "a 29 February that there is not": ("statements: [{words: W, time: 2021-02-29}]", True, False),
    "an interval that ends before it begins": (
        "statements: [{words: W, time: 2006/2003}]", True, False,
    ),
    "an address with a wrong port": ("article: 'https://example.org:x/'", True, False),
}  # fmt: skip
"""What editors cannot know, or do not see: YAML 1.2 gives scalars their types without the keys."""


@pytest.mark.parametrize(
    "value",
    [
        "{words: W, time: 1}",
        "{words: W, time: 99}",
        "{words: W, time: 0}",
    ],
)
def test_neither_takes_a_number_that_is_no_year(value: str) -> None:
    text = f"article: news\nstatements: [{value}]"
    problems = FileProblems("facts.yaml")
    tree = read_yaml(text, problems)
    Reading(SCHEMA, problems, "en").submission(tree, NamedNode(BASE + "x"))
    assert len(problems.problems) == 1
    assert not VALIDATOR.is_valid(read(text))


@pytest.mark.parametrize(("text", "schema_says", "kgpub_says"), DIFFERENT.values(), ids=DIFFERENT)
def test_the_known_differences(text: str, schema_says: bool, kgpub_says: bool) -> None:
    text = text if text.startswith("article") else f"article: news\n{text}"
    problems = FileProblems("facts.yaml")
    tree = read_yaml(text, FileProblems("facts.yaml"))
    Reading(SCHEMA, problems, "en").submission(tree, NamedNode(BASE + "x"))
    assert VALIDATOR.is_valid(read(text)) is schema_says
    assert (not problems.problems) is kgpub_says
