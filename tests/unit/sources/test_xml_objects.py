"""Places of what RDF/XML states, against the text that is written there by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode

from kgpub.reporting.excerpt import Excerpt
from kgpub.sources.rdf import read_rdf

HEAD = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://ex.org/"'
    ' xml:base="http://ex.org/b">\n'
)


def shown(tmp_path: Path, inside: str) -> list[tuple[str, int, str]]:
    """Of each quad its object, its line, the first of `inside` being 1, and what is underlined."""
    path = tmp_path / "a.rdf"
    path.write_text(f"{HEAD}{inside}\n</rdf:RDF>\n", encoding="utf-8")
    read = read_rdf(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    return [
        (
            "_" if isinstance(quad.object, BlankNode) else quad.object.value,
            line - 1,
            Excerpt.of("a.rdf", lines[line - 1], column).part,
        )
        for quad, (line, column) in zip(read.quads, read.positions, strict=True)
    ]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        # The text stands before it: in an IRI, in an earlier element, as a language.
        ('<ex:C rdf:about="http://ex.org/long-street"><ex:p>street</ex:p></ex:C>',
         [("http://ex.org/C", 1, "<ex:C"), ("street", 1, "street")]),
        ('<ex:C rdf:about="#b"><ex:q>city name</ex:q><ex:p>city</ex:p></ex:C>',
         [("http://ex.org/C", 1, "<ex:C"), ("city name", 1, "city name"), ("city", 1, "city")]),
        ('<ex:C rdf:ID="b">\n <ex:p xml:lang="ar">أربيل</ex:p><ex:p>ar</ex:p></ex:C>',
         [("http://ex.org/C", 1, "<ex:C"), ("أربيل", 2, "أربيل"), ("ar", 2, "ar")]),
        ("<ex:C><ex:p>\n  Tom &amp; Jerry\n</ex:p><ex:p>&lt;b></ex:p></ex:C>",
         [("http://ex.org/C", 1, "<ex:C>"), ("\n  Tom & Jerry\n", 2, "Tom &amp; Jerry"),
          ("<b>", 3, "&lt;b>")]),
        ("<ex:C><ex:p/><ex:p><![CDATA[x<y]]></ex:p></ex:C>",
         [("http://ex.org/C", 1, "<ex:C>"), ("", 1, "<ex:p/>"), ("x<y", 1, "x")]),
        ('<rdf:Description rdf:about="x"\n  ex:p="one" ex:q=\'ex:p="one"\'/>',
         [("one", 2, '"one"'), ('ex:p="one"', 2, "'ex:p=\"one\"'")]),
        ('<ex:C rdf:about="x"><ex:p\n rdf:resource="y"/><ex:p><ex:D rdf:about="z"/></ex:p></ex:C>',
         [("http://ex.org/C", 1, "<ex:C"), ("http://ex.org/y", 2, '"y"'),
          ("http://ex.org/D", 2, "<ex:D"), ("http://ex.org/z", 2, '"z"')]),
    ],
)  # fmt: skip
def test_the_object_itself_is_underlined(
    tmp_path: Path, inside: str, expected: list[tuple[str, int, str]]
) -> None:
    assert sorted(shown(tmp_path, inside)) == sorted(expected)


def test_the_same_value_of_several_nodes_stands_where_each_has_it(tmp_path: Path) -> None:
    inside = "\n".join(
        f'<ex:C rdf:about="{name}"><ex:p rdf:resource="x"/><ex:q>x</ex:q></ex:C>' for name in "abc"
    )
    found = [each for each in shown(tmp_path, inside) if each[0] != "http://ex.org/C"]
    assert found == [
        each for line in (1, 2, 3) for each in (("http://ex.org/x", line, '"x"'), ("x", line, "x"))
    ]


def test_of_what_no_element_states_the_line_is_told(tmp_path: Path) -> None:
    """Reification states four more triples of one element (section 2.17)."""
    inside = '<ex:C rdf:about="a">\n  <ex:p rdf:ID="s">text</ex:p></ex:C>'
    found = shown(tmp_path, inside)
    assert len(found) == 6
    assert ("text", 2, "text") in found
    assert all(underlined in ("<ex:p", "text") for _, line, underlined in found if line == 2)


def test_a_list_has_the_places_of_its_members(tmp_path: Path) -> None:
    inside = (
        '<ex:C rdf:about="a"><ex:p rdf:parseType="Collection">\n'
        ' <ex:D rdf:about="b"/>\n <ex:D rdf:about="c"/></ex:p></ex:C>'
    )
    found = shown(tmp_path, inside)
    assert ("http://ex.org/b", 2, '"b"') in found and ("http://ex.org/c", 3, '"c"') in found


def test_of_a_host_that_is_none_the_line_is_told(tmp_path: Path) -> None:
    """U+2100 becomes "a/c" in a host's name, which Python's urllib refuses."""
    inside = '<ex:C rdf:about="http://ex\u2100mple.org/">\n  <ex:p>text</ex:p></ex:C>'
    assert ("text", 2, "<ex:p>") in shown(tmp_path, inside)
