"""Entities of RDF/XML: what they make of a text is bounded before a parser makes it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, parse

from kgpub.errors import SubmissionErrors
from kgpub.sources.entities import MAX_GROWTH, overgrown_at
from kgpub.sources.rdf import read_rdf

XML = """<!DOCTYPE r [
{}
]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">
<rdf:Description rdf:about="urn:a"><e:v>{}</e:v></rdf:Description>
</rdf:RDF>
"""


def laughs(levels: int, times: int = 10, space: str = " ", comment: bool = False) -> str:
    """Entities each of which names the one before so many times."""
    lines = [f'<!ENTITY{space}a0 "{"a" * 10}">']
    for level in range(1, levels):
        lines.append(f'<!ENTITY{space}a{level} "{f"&a{level - 1};" * times}">')
    return f"<!-- {' '.join(lines)} -->" if comment else "\n".join(lines)


def places(path: Path, text: str) -> list[tuple[int, int, str]]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SubmissionErrors) as raised:
        read_rdf(path)
    return [(p.place.line, p.place.column, p.message.code) for p in raised.value.problems]


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2003 ", " % "])
def test_what_grows_without_end_is_refused_where_it_does(tmp_path: Path, space: str) -> None:
    # 10^8 bytes are more than 16 MiB: the declaration of a7, on line 9, is too long.
    text = XML.format(laughs(10, space=space), "&a9;")
    start = time.process_time()
    assert places(tmp_path / "a.rdf", text) == [(9, 1, "entities-grow")]
    assert time.process_time() - start < 5


def test_what_a_comment_declares_is_declared_to_the_parser(tmp_path: Path) -> None:
    text = XML.format(laughs(10, comment=True), "&a9;")
    [(line, _, code)] = places(tmp_path / "a.rdf", text)
    assert (line, code) == (2, "entities-grow")
    few = XML.format(laughs(3, comment=True), "&a2;").encode()
    [quad] = parse(few, format=RdfFormat.RDF_XML, base_iri="urn:b")
    assert quad.object == Literal("a" * 1000)  # so the comment must be looked at


def test_one_that_is_named_too_often_is_refused(tmp_path: Path) -> None:
    names = "&long;" * 20
    text = XML.format(f'<!ENTITY long "{"b" * 10**6}">', names * 20)
    [(line, column, code)] = places(tmp_path / "a.rdf", text)
    # 32 times 1 MB, the text itself, its 400th name being the last: the 31st is one too many.
    assert (line, code) == (5, "entities-grow")
    assert column == len('<rdf:Description rdf:about="urn:a"><e:v>') + 31 * len("&long;") + 1


def test_a_declaration_that_counts_on_itself_is_refused(tmp_path: Path) -> None:
    doubling = '<!ENTITY a "aa">\n' + '<!ENTITY a "&a;&a;">\n' * 40
    assert places(tmp_path / "a.rdf", XML.format(doubling, "&a;"))[0][2] == "entities-grow"


def test_namespaces_by_entities_are_read(tmp_path: Path) -> None:
    path = tmp_path / "o.owl"
    declared = '<!ENTITY e "urn:e:">\n<!ENTITY f "&e;f#">\n<!ENTITY quot2 "&quot;&#38;e;">'
    path.write_text(XML.format(declared, "&f;x &lt; &quot2;"), encoding="utf-8")
    [quad] = read_rdf(path).quads
    assert quad.object == Literal('urn:e:f#x < "&e;')
    many = XML.format(declared, "&f;" * 10**6)  # half as much again
    path.write_text(many, encoding="utf-8")
    [quad] = read_rdf(path).quads
    assert quad.object == Literal("urn:e:f#" * 10**6)


def test_the_bound_is_reached_and_not_passed() -> None:
    text = b'<!ENTITY a "xxxxxxxx">' + b"&a;" * 5
    total = len(text) + 5 * 8
    assert overgrown_at(text, small=total, limit=total) is None
    assert overgrown_at(text, small=total - 1, limit=total - 1) == len(text) - 3
    # Of 514 bytes 20,514 are made, and 32 times as many are 16,448; of 334 bytes 8,334.
    grown = b'<!ENTITY a "' + b"x" * 200 + b'">' + b"&a;" * 100
    assert (len(grown), MAX_GROWTH) == (514, 32)
    assert overgrown_at(grown, small=0, limit=2**20) is not None
    assert overgrown_at(grown[: -60 * 3], small=0, limit=2**20) is None


@pytest.mark.parametrize("unit", ['<!ENTITY a "', "<!ENTITY ", "<!ENTITY a" + " " * 99, "&a", "%"])
def test_looking_takes_time_in_proportion(unit: str) -> None:
    text = ('<!ENTITY a "b">' + unit * (2 * 10**6 // len(unit))).encode()
    start = time.process_time()
    overgrown_at(text, small=2**24, limit=2**28)
    assert time.process_time() - start < 2
