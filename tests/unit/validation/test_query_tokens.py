"""Queries that rdflib, which decides about them, and Oxigraph read differently."""

from __future__ import annotations

from contextlib import suppress

import pytest
import rdflib
from pyoxigraph import Store
from tests.contract.shacl_graphs import both, query, shapes, told, turtle

from kgpub.errors import WorkspaceError
from kgpub.validation import Engine
from kgpub.validation.query_tokens import misread_by_oxigraph, misread_by_rdflib, tokens

PREFIX = "PREFIX e: <urn:e:> "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e:a.b.c.", "name"),
        ("\u00e9\u00b7x:\u0301\u203f.%41\\~", "name"),
        ("_:a.b.c", "blank"),
        ("?this\u00b7x", "variable"),
        ("<urn:a#b>", "iri"),
        ("<http://x/?this>", "iri"),
        ("'''a''b'''", "text"),
        ("# c $this", "comment"),
        ("@ar-IQ", "tag"),
    ],
)
def test_what_is_one_token(text: str, expected: str) -> None:
    assert list(tokens(text)) == [(expected, text)]


@pytest.mark.parametrize(
    "text", ["?a<?b&&?c>?d", "?a <urn:b?c> ?d", "'a\nb' \\", "a\u00b7b:c 1.5e0 #\r x", '"a"@en.e:b']
)
def test_tokens_make_up_the_whole_text(text: str) -> None:
    assert "".join(token for _, token in tokens(text)) == text


def iris(text: str) -> tuple[set[str], set[str]]:
    """Return the IRI that Oxigraph reads, if it reads one, and the one that rdflib does."""
    sparql = f"{PREFIX} SELECT ?x {{ BIND ({text} AS ?x) }}"
    ours: set[str] = set()
    with suppress(SyntaxError):
        ours = {row["x"].value for row in Store().query(sparql)}  # type: ignore[union-attr]
    theirs = {str(row[0]) for row in rdflib.Graph().query(sparql)}  # type: ignore[index]
    return ours, theirs


@pytest.mark.parametrize(
    "name", ["a", "a.b", "a..b", "a-b.c", "a:b.c", "a.b\u00b7", "a%41.b", "1.2"]
)
def test_names_that_both_read_alike(name: str) -> None:
    assert iris(f"e:{name}") == ({f"urn:e:{name}"}, {f"urn:e:{name}"})
    assert misread_by_oxigraph(f"e:{name} . ?x") == ""
    assert misread_by_rdflib(f"e:{name} . ?x") is None


@pytest.mark.parametrize(
    "name", ["a.b.c", "a.b..c", "a:b.c.d", "1.2.3", "a\u00b7.b\u0301.c", "a\ufffdb"]
)
def test_names_that_oxigraph_cuts(name: str) -> None:
    assert iris(f"e:{name}") == (set(), {f"urn:e:{name}"})
    told = misread_by_oxigraph(f"?y e:{name} . ?x")
    assert told == f"Oxigraph does not read e:{name} as one name"


@pytest.mark.parametrize("name", [r"a\~b", r"a\.b", r"\-a"])
def test_names_of_which_rdflib_keeps_the_backslashes(name: str) -> None:
    assert iris(f"e:{name}") == ({f"urn:e:{name}".replace("\\", "")}, {f"urn:e:{name}"})
    assert "as an IRI" in str(misread_by_rdflib(f"?x e:{name} ?y"))


@both
def test_a_word_within_a_name_is_none(chosen: Engine) -> None:
    select = "SELECT $this { $this ex:p ex:a.b.OPTIONAL { $this ex:q ?y } }"
    of_query = f"sh:sparql [ {query(select)} ]"
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; {of_query} .")
    data = turtle("ex:x ex:p ex:a.b ; ex:q 1 . ex:y ex:p ex:a.b.OPTIONAL ; ex:q 1 .")
    assert told(chosen.validate(data, parsed)) == {"<y> - <y> SPARQL S"}


@both
def test_what_stands_between_less_and_greater_may_be_no_iri(chosen: Engine) -> None:
    select = "SELECT $this ?v { ?x ex:p ?v FILTER (?v<$this&&$this>0) }"
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetNode 1, 3 ; sh:sparql [ {query(select)} ] .")
    data = turtle("ex:x ex:p 2 .")
    assert told(chosen.validate(data, parsed)) == {'"3"^^<integer> - "3"^^<integer> SPARQL S'}


@both
def test_an_iri_may_hold_the_name_of_a_variable(chosen: Engine) -> None:
    select = "SELECT $this { FILTER EXISTS { ?x <urn:p?this> $this } }"
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetNode 1, 3 ; sh:sparql [ {query(select)} ] .")
    data = turtle("ex:x <urn:p?this> 3 .")
    assert told(chosen.validate(data, parsed)) == {'"3"^^<integer> - "3"^^<integer> SPARQL S'}


@pytest.mark.parametrize(
    ("select", "words"),
    [
        (r"SELECT $this { $this ex:a\\.b ?x }", r"write it as an IRI"),
        ("SELECT $this { $this ex:p ?x # c\\r FILTER (false)\\n }", "ends with CR alone"),
    ],
)
def test_what_rdflib_misreads_is_refused(select: str, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        shapes(f'ex:S sh:sparql [ sh:prefixes ex:prefixes ; sh:select "{select}" ] .')


def test_lines_may_end_in_cr_and_lf() -> None:
    assert misread_by_rdflib("SELECT $this { # c\r\n }\r # d\n '''# e\r'''") is None
