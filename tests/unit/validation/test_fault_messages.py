"""What is wrong with shapes is told in the language of the reader, all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kgpub.errors import WorkspaceError
from kgpub.messages import RIGHT_TO_LEFT, Lines, Message, catalogue, said
from kgpub.validation.shapes import Shapes

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
"""
OF_FAULTS = re.compile("(fault|path|query)-")
NAMES = {"IRI", "literal", "regex"}
"""Latin words of the catalogues outside of what is isolated."""


def path(text: str) -> str:
    return f"ex:S sh:path {text} ."


def query(text: str, more: str = "") -> str:
    return f'ex:S sh:targetClass ex:C ; sh:sparql [ sh:select """{text}""" ; {more} ] .'


def component(text: str, more: str = "") -> str:
    return f"ex:K a sh:ConstraintComponent ; {text} . {more}"


DEEP_PATH = "[ sh:inversePath " * 60 + "ex:p" + " ]" * 60
DEEP_SHAPES = " ".join(f"ex:n{n} sh:node ex:n{n + 1} ." for n in range(60))
WAYS = " ".join(f"ex:n{n} sh:and ( ex:n{n + 1} ex:n{n + 1} ) ." for n in range(30))
PARAMETER = "sh:parameter [ sh:path ex:limit ]"
ASK = 'sh:validator [ sh:ask "ASK { FILTER ($value = $limit) }" ]'

MALFORMED = [
    # Names of shapes and of constraints that have none.
    "ex:S sh:property [ sh:path ex:p ; sh:minCount 1, 2 ] .",
    "ex:S sh:property [ sh:minCount 1 ] .",
    "ex:S sh:and ( [ sh:minLength 1, 2 ] ) .",
    "ex:S sh:and ( [ sh:path ex:p ; sh:minLength 1, 2 ] ) .",
    "[] sh:targetClass ex:C ; sh:minLength 1, 2 .",
    "[] sh:path ex:p ; sh:minLength 1, 2 .",
    # Targets and references.
    "ex:S sh:targetClass ex:Unknown .",
    "ex:S sh:entailment ex:E .",
    "ex:S sh:node ex:Nothing .",
    "ex:S sh:and true .",
    "ex:S sh:and ( true ) .",
    "ex:S sh:and ( ) .",
    "ex:S sh:property true .",
    "ex:S sh:property ex:Undescribed .",
    "ex:S sh:sparql true .",
    "ex:S sh:not ex:S .",
    "ex:S sh:node [ sh:path ex:p ] .",
    "ex:S a sh:NodeShape ; sh:path ex:p .",
    "ex:S sh:minCount 1 .",
    DEEP_SHAPES,
    WAYS,
    "ex:S sh:nodeKind <<( ex:a ex:b ex:c )>> .",
    # Values.
    *(f"ex:S sh:path ex:p ; {value} ." for value in ("sh:class 1", "sh:minCount -1", "sh:flags 1")),
    *(f"ex:S {value} ." for value in ("sh:minInclusive ex:a", "sh:closed 2", "sh:nodeKind ex:a")),
    *(f"ex:S {value} ." for value in ("sh:targetNode []", "sh:message 1", "sh:closed 1")),
    "ex:S sh:targetClass ex:C ; sh:closed '1'^^xsd:boolean .",
    'ex:S sh:pattern "a" ; sh:flags "g" .',
    'ex:S sh:pattern "(" .',
    "ex:S sh:languageIn ( 1 ) .",
    "ex:S sh:in ex:a .",
    "ex:S sh:targetClass ex:C ; sh:nonsense 1 .",
    "ex:S sh:targetClass ex:C ; sh:rule ex:R .",
    # Paths.
    *("ex:S a sh:PropertyShape .", "ex:S sh:path ex:p, ex:q .", path("true"), path(DEEP_PATH)),
    *(path("( ex:p )"), path("[ sh:inversePath ex:p ; sh:oneOrMorePath ex:q ]")),
    *(path("[ sh:select ex:p ]"), path("[ sh:alternativePath ex:p ]"), path("_:p") + path("_:p")),
    path("_:p") + " _:p sh:inversePath _:p .",
    path(f"( {'ex:p ' * 600})"),
    # Queries.
    "ex:S sh:targetClass ex:C ; sh:sparql [ ] .",
    *(query(text) for text in ("SELECT", "ASK {}", "SELECT ?x { ?x ?y ?z }", "DESCRIBE $this")),
    *(query(f"SELECT $this {{ {text} }}") for text in ("$this $PATH ?v", "SERVICE ex:s {}")),
    query("SELECT $this FROM <urn:g> { $this ?p ?o }"),
    *(query(f"SELECT $this {{ $this ?p ?o {text} }}") for text in ("MINUS { ?a ?b ?c }",)),
    *(
        query(f"SELECT $this {{ $this ?p ?o {text} }}")
        for text in (
            *("VALUES ?a { 1 }", "BIND (1 AS $this)", "{ SELECT ?o { ?x ?y ?o } }", ". ?o x:p 1"),
            *("FILTER (<urn:f>(?o))", "# \\r \\n", "FILTER " + "(" * 3000 + "1" + ")" * 3000),
        )
    ),
    query(r"PREFIX e: <urn:> SELECT $this { $this e:a\\.b ?o }"),
    query("SELECT $this { $this ?p ?o }", "sh:prefixes [ sh:declare [ sh:prefix 'a' ] ]"),
    query(
        "SELECT $this { $this ?p ?o }",
        "sh:prefixes [ sh:declare [ sh:prefix '!' ; sh:namespace 'urn:a' ] ]",
    ),
    query(
        "SELECT $this { $this ?p ?o }",
        "sh:prefixes [ sh:declare [ sh:prefix 'a' ; sh:namespace 'urn:a' ] , "
        "[ sh:prefix 'a' ; sh:namespace 'urn:b' ] ]",
    ),
    # Constraint components.
    component(f"{PARAMETER} ; sh:validator [ ]"),
    component(f"sh:parameter [ sh:path ( ex:a ex:b ) ] ; {ASK}"),
    component(f"sh:parameter [ sh:path ex:a-b ] ; {ASK}"),
    component(f"{PARAMETER} , [ sh:path <urn:other/limit> ] ; {ASK}"),
    component(f"sh:parameter [ sh:path ex:limit ; sh:optional true ] ; {ASK}"),
    component(PARAMETER, "ex:S sh:targetClass ex:C ; ex:limit 1 ."),
    component(
        f'{PARAMETER} ; sh:validator [ sh:ask "SELECT $this {{}}" ]',
        "ex:S sh:targetClass ex:C ; ex:limit 1 .",
    ),
    component(
        f"{PARAMETER} , [ sh:path ex:other ] ; {ASK}",
        "ex:S sh:targetClass ex:C ; ex:limit 1, 2 ; ex:other 1 .",
    ),
]
IMPORTS = f"{PREFIXES}ex:S sh:targetClass ex:C . <> owl:imports <https://other.example/> ."


def refusal(text: str) -> list[str]:
    """Message, excerpt and remedy with which shapes are refused, or the notes on them."""
    try:
        shapes = Shapes.parse({"s.ttl": PREFIXES + text}, {"https://example.org/C"}, strict=True)
    except WorkspaceError as error:
        return [error.message, error.excerpt, error.remedy]
    return list(shapes.notes)


def parts(text: str) -> Iterator[Message]:
    """A message and all that it is made of."""
    if isinstance(text, Lines):
        for part in text.parts:
            yield from parts(part)
    elif isinstance(text, Message):
        yield text
        for _, value in text.values:
            yield from parts(value)


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_wrong_is_told_in_one_language(text: str) -> None:
    told = refusal(text)
    assert told
    for language in RIGHT_TO_LEFT:
        for each in filter(None, told):
            words = re.sub("\u2068[^\u2069]*\u2069", "", said(each, language))
            assert set(re.findall("[A-Za-z]+", words)) <= NAMES, words


def test_all_that_may_be_wrong_is_among_it() -> None:
    reached = {part.code for text in MALFORMED for told in refusal(text) for part in parts(told)}
    reached |= {
        part.code for told in Shapes.parse({"s.ttl": IMPORTS}).notes for part in parts(told)
    }
    there = {code for code in catalogue("en") if OF_FAULTS.match(code)}
    assert there - reached == set()


def test_in_english_it_is_one_line_with_place_and_shape() -> None:
    message, excerpt, remedy = refusal("ex:S sh:property [ sh:path ex:p ; sh:minCount 1, 2 ] .")
    assert message == (
        "s.ttl:6:50: the sh:property with the sh:path <https://example.org/p> of "
        "https://example.org/S: it has more than one sh:minCount"
    )
    assert (excerpt, remedy) == (
        "",
        "Mend the shapes; SHACL would pass over some of these in silence.",
    )
