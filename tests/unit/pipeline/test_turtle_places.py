"""Where terms stand in Turtle: marked by hand, and as Oxigraph counts them."""

from __future__ import annotations

import time

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgpub.errors import Place
from kgpub.pipeline.turtle_places import Places, forbidden

TEXT = r"""@prefix e: <urn:e:> . # e:none <urn:e:none> "no"
PREFIX f.g: <urn:f:>
e:a a f.g:b , <urn:e:c> ; e:p "e:none # \" ;"@en-GB , 1.5 , true.
f.g:b e:p '''e:none
'''^^<urn:e:t> , -2e3 , e:a\,b , "x"^^e:t .
<urn:e:\u0063> e:q false , "كەس" , e:a .
"""
OBJECTS = [
    *((3, 7), (3, 15), (3, 31), (3, 55), (3, 61)),
    *((4, 11), (5, 18), (5, 25), (5, 34)),
    *((6, 20), (6, 28), (6, 36)),
]


def test_objects_stand_where_the_parser_counts_them() -> None:
    quads = list(parse(TEXT, format=RdfFormat.TURTLE))
    assert [quad.object for quad in quads][3:5] == [
        Literal("1.5", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
        Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean")),
    ]
    places = Places(TEXT)
    found = [places.of_object("f", number) for number in range(len(quads))]
    assert [(place.line, place.column) for place in found] == OBJECTS
    assert len(places.objects) == len(quads)


@pytest.mark.parametrize(
    ("subject", "then", "line", "column"),
    [
        ("urn:e:a", None, 3, 1),
        ("urn:f:b", None, 4, 1),
        ("urn:e:c", None, 6, 1),
        ("urn:e:a", "urn:e:c", 3, 15),
        ("urn:f:b", "urn:e:a,b", 5, 25),
        ("urn:e:c", "urn:e:a", 6, 36),
        ("urn:e:c", "urn:e:none", 6, 1),
        ("urn:e:none", None, 1, 1),
    ],
)
def test_a_subject_stands_where_it_is_described(
    subject: str, then: str | None, line: int, column: int
) -> None:
    value = NamedNode(then) if then else None
    place = Places(TEXT).of("f", NamedNode(subject), value)
    assert place == Place("f", line=line, column=column)


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ('<a> <b> "[ ( << {| ~ _:x" .', []),
        ("<a#[> <b> <c> . # [ (", []),
        ("<a> <b> [] , ( 1 ) , _:x , [] .", [8, 13]),
        ("<a> <b> <<( <a> <b> <c> )>> , << <a> <b> <c> >> .", [8]),
        ("<a> <b> <c> {| <d> <e> |} .", [12]),
        ("<a> <b> <c> ~ _:x .", [12, 14]),
    ],
)
def test_what_is_not_allowed_is_told_once_of_each_kind(text: str, offsets: list[int]) -> None:
    assert sorted(offset for offset, *_ in forbidden(text)) == offsets


@pytest.mark.parametrize(
    "unit", ["a.", "a-", "a.b-", "1.", "_.", '"', "'", '"""', "<", "a:.", "@a-"]
)
def test_looking_takes_time_in_proportion(unit: str) -> None:
    text = unit * 20_000
    start = time.process_time()
    list(forbidden(text))
    Places(text)
    assert time.process_time() - start < 5
