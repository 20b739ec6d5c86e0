"""What a publisher's `kinds.ttl` may say, and the places of what it may not."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from kgpub.errors import SubmissionErrors
from kgpub.pipeline.kinds import read_kinds
from kgpub.pipeline.turtle_places import Places, forbidden

BASE = "https://example.org/data/"
HEAD = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix kind: <https://w3id.org/kgpub/kind#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix own: <https://example.org/kinds#> .
# own:by-election a comment
own:recount skos:prefLabel "own:by-election ."@en ; a skos:Concept ; skos:inScheme kind:EventKind ;
    skos:broader own:by-election .
"""
KIND = 'a skos:Concept ; skos:inScheme kind:EventKind ; skos:prefLabel "by-election"@en'


def read(root: Path, text: str) -> list[Triple]:
    (root / "kinds.ttl").write_bytes(text.encode())
    return read_kinds(root, BASE)


def told(root: Path, text: str) -> list[str]:
    with pytest.raises(SubmissionErrors) as caught:
        read(root, text)
    return [str(problem) for problem in caught.value.problems]


def test_all_that_a_kind_may_say(tmp_path: Path) -> None:
    text = f"""{HEAD}
own:by-election {KIND} , "انتخابات فرعية"@ar ; skos:altLabel "bye-election"@en ;
    skos:definition '''A vote << between >> general elections (here [1]) ~ #1.'''@en ;
    skos:notation "BE" ; skos:broader kind:election ; skos:exactMatch wd:Q1057954 ;
    skos:closeMatch <https://example.com/by-election#one> .
"""
    assert len(read(tmp_path, text)) == len(read(tmp_path, f"\ufeff{text}")) == 14


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        (f"kind:newone {KIND} .", "8:1: error: https://w3id.org/kgpub/kind#newone is defined else"),
        (
            f"skos:broader {KIND} .",
            "8:1: error: http://www.w3.org/2004/02/skos/core#broader is def",
        ),
        (f"wd:Q5 {KIND} .", "8:1: error: http://www.wikidata.org/entity/Q5 is defined elsewhere"),
        (f"<https://schema.org/Event> {KIND} .", "8:1: error: https://schema.org/Event is defined"),
        (f"<urn:x:y> {KIND} .", "8:1: error: urn:x:y: an IRI of the scheme 'urn' is not allowed"),
        (f"own:a {KIND} ; skos:broader own:a .", "8:1: error: these are broader than themselves"),
        (
            f"own:a {KIND} ; skos:broader own:b ; skos:narrower own:c .\n"
            f"own:b {KIND} ; skos:broader own:c .\nown:c {KIND} .",
            "8:1: error: these are broader than themselves",
        ),
        (f"own:a {KIND} ;\n skos:related <javascript:alert(1)> .", "9:15: error: https://exa"),
        (f"own:a {KIND} ;\n skos:related 'b'@en .", "9:15: error: https://example.org/kinds#a: sk"),
        (f"own:a {KIND} ;\n skos:altLabel own:b .", "9:16: error: https://example.org/kinds#a: sk"),
        (
            f"own:a {KIND} ;\n skos:altLabel 'b'@en , ''@en .",
            "9:25: error: https://example.org/kinds#a: the text of skos:altLabel is empty\n"
            "    Write a text, or remove it.",
        ),
        (f"own:a {KIND} .\nown:a skos:prefLabel\n ' b'@fr .", "10:2: error: https://exampl"),
        (f"own:a {KIND} ; skos:altLabel 'b\\u0000'@en .", "the character U+0000, which not every"),
        (f"own:a {KIND} ; skos:altLabel '\\u3164'@ko .", "has no letter or number"),
        (
            f"own:a {KIND} ; skos:broader kind:election ,\n own:nope .",
            "9:2: error: https://example.org/kinds#a: skos:broader names "
            "https://example.org/kinds#nope, which is described nowhere",
        ),
        (
            f"own:a {KIND} ;\n skos:narrower kind:government .",
            "9:16: error: https://example.org/kinds#a: skos:narrower names "
            "https://w3id.org/kgpub/kind#government, which is in no scheme that this kind is in",
        ),
        (
            "own:a a skos:Concept ;\n skos:inScheme kind:EventKin ; skos:prefLabel 'x'@en .",
            "9:16: error: https://example.org/kinds#a: 'https://w3id.org/kgpub/kind#EventKin' is "
            "no scheme of kinds that kgpub knows\n    Did you mean EventKind?",
        ),
        (
            "own:a a skos:Concept ; skos:prefLabel 'x'@en ;\n skos:inScheme own:x , own:y .",
            "9:16: error: https://example.org/kinds#a: 'https://example.org/kinds#x' is no scheme "
            "of kinds that kgpub knows\n    Write skos:inScheme with one of kind: Contradiction",
        ),
        (
            "own:a a skos:Concept ; skos:prefLabel 'x'@en .",
            "8:1: error: https://example.org/kinds#a: it is in no scheme\n    Write skos:inScheme",
        ),
        (f"own:a {KIND} ;\n skos:note 'x' .", "the text of skos:note has no language"),
        (f"own:a {KIND} ;\n skos:note 1 .", "the text of skos:note has no language"),
        (f"own:a {KIND} ;\n skos:note 'a\\u001B[31m'@en .", "holds control characters"),
        (f"own:a {KIND} ;\n skos:note 'a\\u202Eb'@en .", "invisible direction marks"),
        (f"own:a {KIND} ;\n skos:note 'a'@ar--rtl .", "the text of skos:note has a direction"),
        (f"own:a {KIND} , 'second'@en .", "several skos:prefLabel in the language en"),
        (f"own:a {KIND} ; skos:preflabel 'x'@en .", "preflabel says more than what a kind is"),
        (
            f"own:a {KIND} ;\n skos:note <<( own:a own:b own:c )>> .",
            "9:12: error: there is a triple",
        ),
        (f"own:a {KIND} {{| own:b own:c |}} .", "8:87: error: there is a triple inside a triple"),
        (f"own:a {KIND} ;\n skos:broader [ ] .", "9:15: error: there is a blank node"),
        (f"_:a {KIND} .", "8:1: error: there is a blank node"),
        (f"own:a {KIND} ;\n skos:broader ( ) .", "9:15: error: there is a list"),
        ("own:a b", "8:7: error: not readable as Turtle"),
    ],
)
def test_what_a_kind_may_not_say(tmp_path: Path, added: str, expected: str) -> None:
    found = told(tmp_path, f"{HEAD}{added}\n")
    assert any(expected in each for each in found), found
    assert all("\n    " in each for each in found), "without a remedy"


def test_a_kind_may_be_in_schemes_of_others_besides(tmp_path: Path) -> None:
    text = f"{HEAD}own:by-election {KIND} ; skos:inScheme own:votes , kind:EventKin .\n"
    assert len(read(tmp_path, text)) == 9


@pytest.mark.parametrize(
    "open_, close", [("<<( own:a own:b ", " )>>"), ("[ own:b ", "]"), ("( ", ")")]
)
def test_nesting_without_end_is_refused_before_it_is_parsed(
    tmp_path: Path, open_: str, close: str
) -> None:
    (only, *_) = told(tmp_path, f"{HEAD}own:a own:b {open_ * 20_000}1{close * 20_000} .")
    assert only.startswith("kinds.ttl:8:13: error: there is a ")


def test_a_file_of_nothing_but_mistakes(tmp_path: Path) -> None:
    began = time.process_time()
    found = told(tmp_path, HEAD + "".join(f"own:a{n} own:x 1 .\n" for n in range(40_000)))
    assert time.process_time() - began < 30
    assert len(found) == 1_000
    # Four of each kind, and one of the recount: its broader kind is not described.
    assert f"there are {40_000 * 4 + 1 - 999:,} more problems in this file" in found[-1]


PIECES = st.sampled_from(
    [
        *("<<", "(", "[", "_:a", "{|", "~", "#", "\n", "\r", '"', '"""', "'", "'''", "\\"),
        *("\\u0041", "<", ">", " ", " own:a ", " own:a#", "<https://a/#b>", " . ", ")>>", "]"),
        *("@prefix own: <https://example.org/> .", "<https://a/\\u0041#b>", ")", ", ", "; "),
        *("own:a\\#b ", "own:a\\' ", "@en"),
    ]
)


@settings(max_examples=1_500, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_that_the_parser_would_nest_is_overlooked(tail: str) -> None:
    """Whatever a hostile text hides brackets behind: no bracket is told, no nameless thing is."""
    text = f"@prefix own: <https://example.org/> . own:a own:b {tail}"
    if list(forbidden(text)):
        return
    read: list[Triple] = []
    with contextlib.suppress(SyntaxError):
        read.extend(quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE))
    assert not any(isinstance(term, BlankNode | Triple) for triple in read for term in triple)


def test_the_place_of_a_subject_is_where_it_is_described() -> None:
    text = f"{HEAD}\nown:by-election {KIND} .\n"
    place = Places(text).of("kinds.ttl", NamedNode("https://example.org/kinds#by-election"))
    assert (place.line, place.column) == (9, 1)


OBJECTS = st.sampled_from(
    [
        *("own:a", "own:a.b", "own:a\\,b", "<https://a/#b>", "<https://a/,;.>", "true", "a:b"),
        *('"x"@en', "'y , z'@ar--rtl", '"""a ; " . """@en', '"2"^^own:t', "'2'^^<https://a/t>"),
        *("1", "1.5", "-.5", "+2", "3.e4", "5E-6", '"\\" , ."'),
    ]
)
SPACES = st.sampled_from([" ", "\n", " # , ; . \n", "\t"])


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(st.lists(OBJECTS, min_size=1), min_size=1), min_size=1), SPACES)
def test_objects_are_found_where_the_parser_finds_them(
    described: list[list[list[str]]], space: str
) -> None:
    """Objects of predicates of subjects: as many as triples, each the beginning of its own."""
    header = "@prefix own: <https://o/> . PREFIX a: <https://a/>\n@base <https://c/> .\n"
    written = [each for predicates in described for objects in predicates for each in objects]
    body = ""
    for predicates in described:
        parts = (f"own:p{space}" + f" ,{space}".join(objects) for objects in predicates)
        body += f"own:s{space}" + f"{space};{space}".join(parts) + " .\n"
    text = header + body
    triples = list(parse(text.encode(), format=RdfFormat.TURTLE))
    offsets = Places(text).objects
    assert len(offsets) == len(triples) == len(written)
    assert all(text.startswith(each, at) for each, at in zip(written, offsets, strict=True))
