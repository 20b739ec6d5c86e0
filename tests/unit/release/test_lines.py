"""Lines of sorted quads, looked up by halving, beside a list of all of them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kgpub.release.lines import Line, SortedFile, divided, literal, opened
from kgpub.serialisation import nquads

SUBJECTS = ("x:a", "x:a!", "x:a/", "x:a/b", "x:b", "x:ا", "x:a-b")
PREDICATES = ("x:p", "x:p2")
names = st.sampled_from(SUBJECTS).map(NamedNode)
literals = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('" \\\n<x:p> .@^'), max_size=8
).map(Literal) | st.builds(
    Literal, st.sampled_from(['" <x:p> <x:b', "a\tb", ""]), language=st.just("ar")
)
quads = st.builds(
    Quad,
    names,
    st.sampled_from(PREDICATES).map(NamedNode),
    names | literals,
    st.sampled_from(("x:g", "x:g2")).map(NamedNode),
)


@given(st.sets(quads, max_size=12))
def test_a_line_divides_into_its_terms(drawn: set[Quad]) -> None:
    for line in b"".join(nquads(drawn)).splitlines(keepends=True):
        (quad,) = parse(line, format=RdfFormat.N_QUADS)
        found = divided(line)
        assert found == Line(
            *(str(each).encode() for each in (quad.subject, quad.predicate, quad.object)),
            str(quad.graph_name).encode(),
        )
        if isinstance(quad.object, Literal):
            assert literal(found.object) == quad.object


@given(st.sets(quads, max_size=12), st.booleans())
def test_lookups_find_what_a_scan_finds(drawn: set[Quad], is_ended: bool) -> None:
    content = b"".join(nquads(drawn))
    lines = [divided(line) for line in content.splitlines(keepends=True)]
    file = SortedFile(content if is_ended else content.removesuffix(b"\n") + b"\n")
    for name in (*SUBJECTS, "x:", "x:zz"):
        term = f"<{name}>".encode()
        assert list(file.subject(term).lines) == [each for each in lines if each.subject == term]
        for predicate in PREDICATES:
            wanted = f"<{predicate}>".encode()
            assert list(file.saying(wanted, term)) == [
                each for each in lines if each.predicate == wanted and each.object == term
            ]


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "dataset.nq").touch()
    with opened(tmp_path / "dataset.nq") as file:
        assert file.subject(b"<x:a>").lines == ()
        assert list(file.saying(b"<x:p>", b"<")) == []
