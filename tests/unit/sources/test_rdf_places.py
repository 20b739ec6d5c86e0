"""Places of values in RDF files: they were marked by hand, or noted when the text was written."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.errors import SubmissionErrors
from kgpub.sources.nesting import MAX_NESTING
from kgpub.sources.rdf import RdfFile, read_rdf
from kgpub.sources.turtle_objects import object_offsets

# Each value that is an object begins behind a ⌖.
TURTLE = r"""@prefix e: <urn:e:> . @prefix : <urn:d:> . @prefix a: <urn:a:> .
PREFIX x: <urn:x:>
e:a a ⌖e:P ; e:age ⌖"x" ; e:x ⌖'x' .
e:a e:name ⌖'''a
# no comment ; \''' '''@en-GB , ⌖1.5 , ⌖"age"^^x:age, ⌖true , ⌖e:q, ⌖_:b . # ; "a" <
e:friend e:knows ⌖[ e:age ⌖"x" ; e:friend ⌖e:x , ⌖[ ] ] , ⌖e:سلام .
[] e:p ⌖x:a.b, ⌖-1.e3 ,
  ⌖<urn:x#y> ; :p ⌖:q ; e:a ⌖a:b .
"""
TRIG = """@prefix e: <urn:e:> .
e:g { e:a e:p ⌖1 , ⌖e:g . [] e:q ⌖"g" }
GRAPH <urn:h> { e:h e:p ⌖"h" }
{ e:a e:p ⌖2 } e:b e:q ⌖3 .
"""
NQUADS = '<urn:a> <urn:b> ⌖"urn:a" <urn:g> .\n_:a <urn:b> ⌖_:a .\n<urn:a> <urn:b> ⌖<urn:a> .\n'
JSONLD = """{"@context": {"e": "urn:e:", "age": "e:age", "id": "@id", "knows": {"@id": "e:knows",
   "@type": "@id"}, "name": {"@id": "e:name", "@container": "@language"}},
 "id": "e:a", "@type": ⌖"e:P", "age": ⌖"x", "e:x": [⌖"x", ⌖"age", ⌖1.5, ⌖3, ⌖true],
 "name": {"en": ⌖"A", "ckb": [⌖"ا", ⌖"ب"]}, "knows": [⌖"e:b", {"id": ⌖"e:c", "age": ⌖"x"},
 ⌖{"age": ⌖"x"}], "e:value": {"@value": ⌖"age", "@language": "en"},
 "e:graph": ⌖{"@type": [⌖"e:P", ⌖"e:Q"], "e:p": {"@id": ⌖"_:b"}}}
"""
MARKED = {"a.ttl": TURTLE, "a.trig": TRIG, "a.nq": NQUADS, "a.jsonld": JSONLD}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", MARKED)
def test_values_are_placed_where_they_begin(tmp_path: Path, name: str) -> None:
    lines, expected = MARKED[name].split("\n"), []
    for number, line in enumerate(lines, 1):
        parts = line.split("⌖")
        expected += [(number, len("".join(parts[:at])) + 1) for at in range(1, len(parts))]
    read = read_rdf(written(tmp_path, name, MARKED[name].replace("⌖", "")))
    assert sorted(read.positions) == expected
    for quad, value in zip(read.quads, behind(read), strict=True):
        if isinstance(quad.object, Literal):
            stated = quad.object.value.split("\n")[0]
            assert value.lstrip("\"'").startswith(stated) or float(stated) == 1.5
        elif isinstance(quad.object, NamedNode):
            local = re.split("[:#]", quad.object.value)[-1]
            assert re.match(rf"[^\s;,.]*[:#]{re.escape(local)}", value)
        else:
            assert re.match(r'[\[_{]|"_:', value)


def behind(read: RdfFile) -> list[str]:
    """Return what of its line stands where each object is placed."""
    lines = read.content.decode().split("\n")
    return [lines[line - 1][column - 1 :] for line, column in read.positions]


class Writer:
    """Writes random Turtle, and notes where each literal, all of them different, begins."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.text = "@prefix e: <urn:e:> .\n"
        self.places: dict[str, tuple[int, int]] = {}

    def write(self, text: str) -> None:
        self.text += text + self.random.choice(["", " ", "\n", " # ; ] ) \n"])

    def literal(self) -> None:
        value = f"{len(self.places)}."
        line = self.text.count("\n") + 1
        self.places[value] = (line, len(self.text) - self.text.rfind("\n"))
        self.write(
            self.random.choice(['"{}"', "'{}'@en ", '"""{}"""', "'''{}'''^^e:d "]).format(value)
        )

    def value(self, depth: int) -> None:
        kind = self.random.randrange(7 if depth < 4 else 4)
        if kind < 2:
            self.literal()
        elif kind == 2:
            self.write(self.random.choice(["<urn:x>", "e:x ", "_:x ", "true ", "[]", "()"]))
        elif kind == 3:
            self.write("( ")
            for _ in range(self.random.randrange(4)):
                self.value(4)
            self.write(") ")
        elif kind == 4:
            self.write("[")
            self.predicates(depth + 1)
            self.write("]")
        else:
            self.write("(")
            for _ in range(self.random.randrange(4)):
                self.value(depth + 1)
            self.write(")")

    def predicates(self, depth: int) -> None:
        for number in range(self.random.randrange(1, 4)):
            self.write(";" if number else "")
            self.write(self.random.choice(["e:p ", "a ", "<urn:p>"]))
            for each in range(self.random.randrange(1, 3)):
                self.write("," if each else "")
                self.value(depth)

    def statement(self) -> None:
        kind = self.random.randrange(4)
        if kind == 0:
            self.write("e:a ")
        elif kind == 1:
            self.write("[]")
        elif kind == 2:
            self.write("(")
            for _ in range(self.random.randrange(1, 4)):
                self.value(2)
            self.write(")")
        else:
            self.write("[")
            self.predicates(2)
            self.write("]")
        self.predicates(1)
        self.write(" .")


@pytest.mark.parametrize("seed", range(40))
def test_any_turtle_has_its_literals_where_they_were_written(tmp_path: Path, seed: int) -> None:
    writer = Writer(seed)
    for _ in range(12):
        writer.statement()
    read = read_rdf(written(tmp_path, "a.ttl", writer.text))
    found = {
        quad.object.value: place
        for quad, place in zip(read.quads, read.positions, strict=True)
        if isinstance(quad.object, Literal) and quad.object.value.endswith(".")
    }
    assert found == writer.places
    for quad, value in zip(read.quads, behind(read), strict=True):
        if isinstance(quad.object, BlankNode) and not quad.predicate.value.endswith("#rest"):
            assert value[0] in "[(_"


RDF_REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
NIL = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>"
REST, FIRST = f"<{RDF_REST}>", f"<{RDF_REST[:-4]}first>"
LISTED = {
    "lists.nt": (
        f'<urn:a> <urn:p> _:l .\n_:l {FIRST} "x" .\n_:l {REST} _:m .\n_:m {FIRST} "nil" .\n'
        f'_:m {REST} {NIL} .\n<urn:a> <urn:q> {NIL} .\n<urn:a> <urn:long> "long" .\n'
    ),
    "lists.ttl": (
        f"@prefix r: <{RDF_REST[:-4]}> .\n<urn:a> <urn:p> _:l .\n_:l r:first 1 ; r:rest _:m .\n"
        '_:m r:first "nil" ; r:rest r:nil .\n<urn:a> <urn:q> r:nil , ( 1 "x" ) .\n'
        f"<urn:b> <urn:q> [ r:first 2 ; {REST} [ r:first 3 ; r:rest () ] ] , ( ) .\n"
        '<urn:c> <urn:q> [ r:first 2 ; r:rest ( 3 4 ) ] ; <urn:long> "long" .\n'
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_lists_that_are_written_out_are_followed(tmp_path: Path, name: str) -> None:
    text = LISTED[name]
    offsets = object_offsets(text, read_rdf(written(tmp_path, name, text)).quads)
    assert offsets is not None
    for quad, at in zip(read_rdf(tmp_path / name).quads, offsets, strict=True):
        value = quad.object
        if isinstance(value, Literal):
            assert text[at:].startswith((f'"{value.value}"', value.value))
        elif isinstance(value, NamedNode):
            nil = value.value == NIL[1:-1]
            assert text[at:].startswith((NIL, "r:nil", "(", ")") if nil else f"<{value.value}>")
        elif quad.predicate.value != RDF_REST:
            assert text[at:].startswith(("_:", "[", "("))
        else:
            assert text[at:].startswith(("_:m", "[", "(", '"x"', "4"))


def test_what_is_not_followed_is_placed_on_its_line(tmp_path: Path) -> None:
    text = '<urn:a> <urn:p> 1 {| <urn:q> "two" |} .\n<urn:a> <urn:p> "three" .\n'
    read = read_rdf(written(tmp_path, "a.ttl", text))
    assert [line for line, _ in read.positions] == [1, 1, 1, 2]


XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">\n'


def nested(name: str, depth: int) -> str:
    """Return a text with `depth` levels from line 2 on, the file's own ones included."""
    if name == "a.rdf":  # rdf:RDF is the first
        inner = depth - 1
        tags = [f"<{tag}>" for tag in ["e:A", "e:p"] * inner][:inner]
        return (
            XML + "".join(tags) + "".join(f"</{tag[1:]}" for tag in reversed(tags)) + "</rdf:RDF>"
        )
    if name == "a.json":
        return '{"urn:e:p":\n' + "[" * (depth - 1) + "]" * (depth - 1) + "}"
    opening, closing = {"(": ("(", ")"), "[": ("[<urn:p>", "]")}[name]
    return "<urn:a> <urn:b>\n" + opening * depth + "1" + closing * depth + " ."


KINDS = {"(": ("a.ttl", 1), "[": ("a.ttl", 8), "a.json": ("a.json", 1), "a.rdf": ("a.rdf", 5)}


@pytest.mark.parametrize("kind", KINDS)
def test_more_levels_than_are_read_are_told_at_once(tmp_path: Path, kind: str) -> None:
    name, width = KINDS[kind]
    outside = int(kind in ("a.json", "a.rdf"))
    read_rdf(written(tmp_path, name, nested(kind, MAX_NESTING)))
    for depth in (MAX_NESTING + 1, 200_000):
        path = written(tmp_path, name, nested(kind, depth))
        began = time.process_time()
        with pytest.raises(SubmissionErrors, match=f"more than {MAX_NESTING} levels") as error:
            read_rdf(path)
        assert time.process_time() - began < 5
        (problem,) = error.value.problems
        column = (MAX_NESTING - outside) * width + 1
        assert (problem.place.line, problem.place.column) == (2, column)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", '<urn:a> <urn:b> "{0}", \'{0}\', """{0}\n" {0}""" . # {0}\n'),
        ("a.jsonld", json.dumps({"urn:b": '"' + "{0}"})),
        ("a.xml", XML + '<!-- {1} --><e:A e:p="/>>{0}"><e:p><![CDATA[{1}]]></e:p></e:A></rdf:RDF>'),
    ],
)
def test_what_stands_in_texts_opens_nothing(tmp_path: Path, name: str, text: str) -> None:
    for inside, tag in (("[", "<a>"), ("(", "<e:p>")):
        filled = text.replace("{0}", inside * 1_000).replace("{1}", tag * 1_000)
        assert read_rdf(written(tmp_path, name, filled)).quads


def test_many_brackets_side_by_side_are_no_depth(tmp_path: Path) -> None:
    read = read_rdf(written(tmp_path, "a.ttl", "[] <urn:p> [ <urn:q> ( 1 ) ] .\n" * 1_000))
    assert len(read.quads) == 4_000
