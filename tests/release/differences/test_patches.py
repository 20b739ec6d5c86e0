"""RDF Patch and SPARQL Update turn one dataset into the other, as other software reads them."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import rdflib
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from tests.unit.serialisation.datasets import iris, quads

from kgpub.release.differences import patch
from kgpub.release.differences.comparing import Differences, compare
from kgpub.serialisation import nquads

XSD = "http://www.w3.org/2001/XMLSchema#"
A, B, C, G = (NamedNode(f"http://example.org/{name}") for name in "abcg")


def written(folder: Path, name: str, given_quads: list[Quad]) -> Path:
    path = folder / name
    path.write_bytes(b"".join(nquads(given_quads)))
    return path


def compared(folder: Path, before: list[Quad], after: list[Quad]) -> Differences:
    work = folder / "work"
    work.mkdir()
    return compare(written(folder, "a.nq", before), written(folder, "b.nq", after), work)


def loaded(given_quads: list[Quad]) -> Store:
    store = Store()
    store.extend(given_quads)
    return store


def applied_by_oxigraph(before: list[Quad], differences: Differences) -> set[Quad]:
    store = loaded(before)
    store.update(b"".join(patch.sparql_update(differences)).decode())
    return set(store)


@pytest.fixture(scope="module", autouse=True)
def lexical_forms() -> Iterator[None]:
    """Have rdflib keep literals as they are written, and not log those that are ill-typed."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rdflib, "NORMALIZE_LITERALS", False)
        logging.disable(logging.WARNING)
        yield
        logging.disable(logging.NOTSET)


def read_by_rdflib(content: bytes, form: str, dataset: rdflib.Dataset) -> set[tuple[str, ...]]:
    dataset.parse(data=content, format=form)
    return {
        (str(s), str(p), str(o), *map(str, (getattr(o, "language", ""), o.datatype)), str(g))
        if isinstance(o, rdflib.Literal)
        else (str(s), str(p), str(o), str(g))
        for s, p, o, g in dataset.quads()
    }


def applied_by_rdflib(before: list[Quad], differences: Differences) -> set[tuple[str, ...]]:
    dataset = rdflib.Dataset()
    read_by_rdflib(b"".join(nquads(before)), "nquads", dataset)
    return read_by_rdflib(b"".join(patch.rdf_patch(differences)), "patch", dataset)


@settings(max_examples=60)
@given(quads(iris), quads(iris), quads(iris))
def test_any_dataset_becomes_any_other(
    only_before: list[Quad], both: list[Quad], only_after: list[Quad]
) -> None:
    before, after = [*only_before, *both], [*both, *only_after]
    with TemporaryDirectory() as folder:
        differences = compared(Path(folder), before, after)
        assert applied_by_oxigraph(before, differences) == set(loaded(after))
        expected = read_by_rdflib(b"".join(nquads(after)), "nquads", rdflib.Dataset())
        assert applied_by_rdflib(before, differences) == expected


def test_nothing_is_said_of_what_both_have(tmp_path: Path) -> None:
    same = [Quad(A, B, Literal(str(number)), G) for number in range(1000)]
    gone, new = Quad(A, B, Literal("gone"), G), Quad(A, B, Literal("new"))
    differences = compared(tmp_path, [*same, gone], [*same, new])
    lines = b"".join(patch.rdf_patch(differences)).decode().splitlines()
    assert lines[2:] == [
        "TX .",
        'D <http://example.org/a> <http://example.org/b> "gone" <http://example.org/g> .',
        'A <http://example.org/a> <http://example.org/b> "new" .',
        "TC .",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\\u0041",
        "\\\\u0041",
        "\\U00000041",
        "C:\\u0041bc",
        "C:\\users",
        'a "quoted" \\',
        "\r\n\t\b\f",
        "\x00\x07\x7f",
        "\ufffe",
    ],
)
def test_what_looks_like_an_escape_arrives_as_it_is(tmp_path: Path, text: str) -> None:
    before, after = [Quad(A, B, Literal("x"))], [Quad(A, B, Literal(text, language="ar"), G)]
    differences = compared(tmp_path, before, after)
    assert applied_by_oxigraph(before, differences) == set(after)
    if text.isprintable():  # rdflib reads some control characters otherwise
        dataset = rdflib.Dataset()
        dataset.update(b"".join(patch.sparql_update(differences)).decode())
        assert [str(quad[2]) for quad in dataset.quads()] == [text]


def test_two_spellings_of_a_number_do_not_undo_each_other(tmp_path: Path) -> None:
    """Oxigraph takes them for one: it must add after it has removed, across operations as well."""
    others = [Quad(A, C, Literal(str(number))) for number in range(3 * patch.BATCH)]
    before = [Quad(A, B, Literal("24", datatype=NamedNode(XSD + "integer")))]
    after = [*others, Quad(A, B, Literal("24", datatype=NamedNode(XSD + "nonNegativeInteger")))]
    differences = compared(tmp_path, before, after)
    assert applied_by_oxigraph(before, differences) == set(loaded(after))
    assert b"".join(patch.sparql_update(differences)).count(b"INSERT DATA") == 4


def test_the_order_of_operations_within_a_patch_does_not_matter(tmp_path: Path) -> None:
    before = [Quad(A, B, Literal(str(number)), G) for number in range(50)]
    after = [Quad(A, B, Literal(str(number)), G) for number in range(25, 75)]
    lines = list(patch.rdf_patch(compared(tmp_path, before, after)))
    shuffled = lines[3:-1]
    random.Random(1).shuffle(shuffled)
    found = set(b"".join(nquads(before)).splitlines(keepends=True))
    for line in shuffled:
        (found.add if line.startswith(b"A ") else found.remove)(line[2:])
    assert set(parse(b"".join(found), RdfFormat.N_QUADS)) == set(after)


def test_patches_of_successive_releases_are_a_chain(tmp_path: Path) -> None:
    states = [[Quad(A, B, Literal(str(number)))] for number in range(3)]
    heads = []
    for number, (before, after) in enumerate(pairwise(states)):
        folder = tmp_path / str(number)
        folder.mkdir()
        heads.append(list(patch.rdf_patch(compared(folder, before, after)))[:2])
    (first, _), (_, previous) = heads
    assert first.replace(b"H id", b"H prev") == previous
    assert first.startswith(b"H id <urn:uuid:")
