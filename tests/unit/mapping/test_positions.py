"""Every quad knows the place in the file of the value that it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.vocabulary import KG, OA, OWL, RDF

from .submissions import FACTS, TEXT, WORDS, Submitted, article, asserting, submit

COMPUTED = {
    *(KG + name for name in ("file", "checksum", "passage", "attributionPassage", "linkedEntity")),
    *(KG + name for name in ("method", "score", "describes", "records", "asserts")),
    *(KG + name for name in ("participation", "evidence", "acceptance")),
    *(KG + name for name in ("earliest", "latest", "certainFrom", "certainUntil")),
    OWL + "sameAs",
    RDF + "type",
}


def _offset(text: str, line: int, column: int) -> int:
    lines = text.splitlines(keepends=True)
    assert 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1])
    return sum(map(len, lines[: line - 1])) + column - 1


def _from_values(submitted: Submitted) -> list[tuple[Quad, int]]:
    """Quads whose object is written in the file as a value, with its offset."""
    statements = {quad.subject for quad in submitted.quads if quad.predicate.value == KG + "words"}
    spoken = {
        quad.subject for quad in submitted.quads if quad.predicate == NamedNode(KG + "medium")
    }
    return [
        (quad, _offset(submitted.content, *position))
        for quad, position in zip(submitted.quads, submitted.mapped.positions, strict=True)
        if quad.predicate.value not in COMPUTED
        and not quad.predicate.value.startswith(OA)
        and not (
            quad.predicate.value == KG + "article" and "/submission/" not in quad.subject.value
        )
        # The publisher says what nobody is said to say.
        and not (
            quad.predicate.value == KG + "saidBy"
            and quad.subject in statements
            and quad.subject not in spoken
        )
    ]


def _matches(quad: Quad, value: str) -> bool:
    if isinstance(quad.object, Literal):
        return quad.object.value == value
    assert isinstance(quad.object, NamedNode)
    return quad.object.value.endswith(value) or value.startswith("_:")


@pytest.mark.parametrize("indent", [None, 0, 3])
def test_the_text_at_the_position_of_a_quad_is_its_value_in_json(indent: int | None) -> None:
    content = json.dumps(FACTS, ensure_ascii=indent is None, indent=indent)
    submitted = submit(content, file="articles/news/facts.json")
    pairs = _from_values(submitted)
    assert len(pairs) > 60
    for quad, offset in pairs:
        value, _ = json.JSONDecoder().raw_decode(content, offset)
        assert isinstance(value, str) and _matches(quad, value)


@pytest.mark.parametrize("flow", [True, False])
def test_the_text_at_the_position_of_a_quad_is_its_value_in_yaml(flow: bool) -> None:
    content = yaml.safe_dump(FACTS, allow_unicode=True, default_flow_style=flow, width=10_000)
    submitted = submit(content)
    pairs = _from_values(submitted)
    assert len(pairs) > 60
    for quad, offset in pairs:
        written = content[offset:]
        plain = written.lstrip("'").split("'" if written.startswith("'") else "\n")[0]
        names = [plain] if not flow else [plain[:end] for end in range(1, len(plain) + 1)]
        assert any(_matches(quad, name) for name in names), (quad, plain)


def test_the_text_at_the_position_of_a_quad_is_its_value_in_csv() -> None:
    content = (
        "\ufeffid,name@ar,alternative-name@en,wikidata,evidence\r\n"
        '\r\nsami-nur,"سامي, ""نور""",Sami,Q42,"two\r\nlines"\r\n'
        "  lina  , لينا ,,,\r\n"
    )
    submitted = submit(content, file="articles/news/people.csv")
    assert submitted.problems == ()
    text = content.removeprefix("\ufeff").replace("\r\n", "\n")
    expected = {
        'سامي, "نور"': (3, 10),
        "Sami": (3, 26),
        "Q42": (3, 31),
        "two\r\nlines": (3, 35),
        "لينا": (5, 11),
    }
    found = {
        quad.object.value.rpartition("/")[2]: position
        for quad, position in zip(submitted.quads, submitted.mapped.positions, strict=True)
        if quad.predicate.value.startswith((KG + "name", KG + "alt", KG + "wiki", KG + "evidence"))
        and quad.subject.value.count("/person/")
    }
    assert found == expected
    for value, position in expected.items():
        start = text[_offset(text, *position) :].lstrip('"')
        assert start.startswith(value.split(",")[0].split("\r")[0])


def test_the_position_of_a_node_is_that_of_its_type_and_of_all_that_is_worked_out_for_it() -> None:
    content = (
        "statements:\n"
        f"- words: {WORDS[0]}\n"
        "  asserts:\n"
        "  - time: 1985\n"
        "    type: Event\n"
        "    kind: departure\n"
        "    participants:\n"
        "    - who: person/sami-nur\n"
        "      role: agent\n"
    )
    submitted = submit(content)
    places: dict[str, tuple[int, int]] = {}
    for quad, position in zip(submitted.quads, submitted.mapped.positions, strict=True):
        name = quad.predicate.value.removeprefix(KG)
        if quad.predicate.value == RDF + "type":
            name = quad.object.value.rpartition("#")[2]
        places.setdefault(name, position)
    assert {
        name: places[name]
        for name in ("Submission", "file", "Statement", "passage", "Passage", "saidBy", "Event",
                     "Participation", "earliest", "latest", "kind", "participation", "asserts",
                     "participant", "role")
    } == {
        "Submission": (1, 1),
        "file": (1, 1),
        "Statement": (2, 3),
        "passage": (2, 3),
        "saidBy": (2, 3),
        "Passage": (2, 3),
        "Event": (4, 5),
        "earliest": (4, 11),
        "latest": (4, 11),
        "kind": (6, 11),
        "Participation": (8, 7),
        "participation": (8, 7),
        "asserts": (4, 5),
        "participant": (8, 12),
        "role": (9, 13),
    }  # fmt: skip


def test_an_article_has_the_places_of_its_metadata() -> None:
    metadata = "title:\n  ar: خبر\n  ckb: هەواڵ\nlanguage: ar\npublisher: the-paper\n"
    _, mapped = article(metadata=metadata)
    found = {
        (quad.predicate.value.removeprefix(KG), quad.object.language or ""): position
        for quad, position in zip(mapped.quads, mapped.positions, strict=True)
        if isinstance(quad.object, Literal)
    }
    assert found == {
        ("title", "ar"): (2, 7),
        ("title", "ckb"): (3, 8),
        ("language", ""): (4, 11),
        ("text", "ar"): (1, 1),
        ("checksum", ""): (1, 1),
    }


def test_there_is_a_position_for_every_quad() -> None:
    mapped = submit(FACTS).mapped
    assert len(mapped.positions) == len(mapped.quads)
    assert all(line >= 1 and column >= 1 for line, column in mapped.positions)


@pytest.mark.parametrize("words", ["قال", "نعم"])
def test_the_nearest_introduction_is_the_passage(words: str) -> None:
    """`introduced-by` may stand several times; the one nearest to the words is meant."""
    statement: dict[str, Any] = {
        "introduced-by": "قال",
        "occurrence": "2",
        "said-by": "person/sami",
        "words": "نعم",
    }
    submitted = submit(asserting(**statement))
    assert submitted.problems == ()
    spots = {
        "قال": TEXT.rindex("قال", 0, TEXT.rindex("نعم")),
        "نعم": TEXT.rindex("نعم"),
    }
    property_ = "attributionPassage" if words == "قال" else "passage"
    start = spots[words]
    (passage,) = submitted.objects(property_)
    assert passage.endswith(f"article.txt#char={start},{start + len(words)}")


def test_the_repository_has_positions_inside_its_files() -> None:
    folder = Path(__file__).parents[3] / "articles" / "al-kadhimi-and-kurdistan"
    text = (folder / "article.txt").read_bytes().decode()
    content = (folder / "facts.yaml").read_bytes().decode()
    submitted = submit(content, text=text, slug=folder.name)
    for position in submitted.mapped.positions:
        assert content[_offset(content, *position)] not in " \n"
