"""Dumps of any size: the bytes of those that are made in memory, in memory that does not grow."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.serialisation import READING_ORDER, Order, graph_portions, jsonld, nquads, trig, turtle
from kgpub.serialisation.arrangement import Arrangement
from kgpub.serialisation.description import describe
from kgpub.serialisation.room import Disk, Memory
from kgpub.serialisation.sorted_dataset import SortedDataset
from kgpub.serialisation.subject_lines import SubjectsInMemory, SubjectsOnDisk
from kgpub.vocabulary import KG, RDF, prefixes

from .datasets import BASE, CONTEXT, iris, literals, quads
from .test_turtle import EXAMPLE_ORDER, EXAMPLE_PREFIXES

GOLDEN = Path(__file__).parent / "golden"
PREFIXES = prefixes(BASE)
ROOT = Path(__file__).parents[3]
FORMATS = ("nq", "ttl", "trig", "jsonld")


def in_memory(given_quads: list[Quad], name: str) -> bytes:
    """What the writers make of quads, or the error that tells why they do not."""
    chunks = {
        "nq": lambda: nquads(given_quads),
        "ttl": lambda: turtle(given_quads, PREFIXES),
        "trig": lambda: trig(given_quads, PREFIXES),
        "jsonld": lambda: jsonld(given_quads, CONTEXT),
    }[name]
    return _content_or_error(chunks())


def on_disk(dataset: SortedDataset, name: str) -> bytes:
    chunks = {
        "nq": lambda: dataset.nquads(),
        "ttl": lambda: dataset.turtle(PREFIXES),
        "trig": lambda: dataset.trig(PREFIXES),
        "jsonld": lambda: dataset.jsonld(CONTEXT),
    }[name]
    return _content_or_error(chunks())


def _content_or_error(chunks: Iterator[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    except ValueError as error:  # an IRI that JSON-LD cannot hold
        return str(error).encode()


@contextmanager
def small_portions() -> Iterator[None]:
    """As if every dataset were large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph_portions, "PORTION_BYTES", 300)
        yield


NAMES = ("fact/1", "fact/02", "fact/2", "fact/0", "fact/00", "place/1")
few = st.sampled_from([f"{BASE}{name}" for name in NAMES])
knots = st.lists(
    st.builds(
        Quad,
        few.map(NamedNode),
        st.sampled_from(
            [KG + "asserts", KG + "passage", KG + "participation", RDF + "type", KG + "about"]
        ).map(NamedNode),
        (few | st.sampled_from([KG + "Person", KG + "Statement", KG + "Tenure"])).map(NamedNode)
        | literals,
        st.sampled_from([ox.DefaultGraph(), NamedNode(BASE + "g"), NamedNode(BASE + "g1")]),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(quads(iris) | knots)
def test_the_bytes_are_those_made_in_memory(tmp_path: Path, given_quads: list[Quad]) -> None:
    """The terms are the hardest there are; orders have circles, and graphs share triples."""
    with small_portions(), SortedDataset.of(given_quads, tmp_path, part_bytes=200) as dataset:
        for name in FORMATS:
            assert on_disk(dataset, name) == in_memory(given_quads, name)
    assert list(tmp_path.iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(quads(iris) | knots)
def test_lines_in_a_list_give_the_same_bytes(tmp_path: Path, given_quads: list[Quad]) -> None:
    lines = b"".join(nquads(given_quads)).splitlines(keepends=True)
    with SortedDataset(lines, tmp_path) as dataset:
        for name in FORMATS:
            assert on_disk(dataset, name) == in_memory(given_quads, name)


A, P, B, G = (NamedNode(f"{BASE}{each}") for each in ("a", "p", "b", "g"))


@pytest.mark.parametrize(
    "given_quads",
    [
        # Escapes sort elsewhere than what they stand for.
        [Quad(A, P, Literal(each)) for each in ("\n", "A", "\\", '"', "z", "\x01", "\x7f")],
        # The object of the one would be taken for the graph of the other.
        [Quad(A, P, G), Quad(A, P, B, G)],
        [Quad(A, P, G), Quad(A, P, G, G), Quad(A, B, Literal("x <y>")), Quad(A, B, G)],
        [Quad(A, P, Literal(f"a <{BASE}g", datatype=G)), Quad(A, P, B, G)],
        [Quad(A, P, Literal(each), G) for each in (f"a <{BASE}b>", f"a <{BASE}b> .", "<", " ")],
        [Quad(A, P, Literal(each)) for each in (f"a <{BASE}b>", f"a <{BASE}b> .", "<", " ", "> ")],
        # What is of one kind may be written in several ways.
        [Quad(A, P, Literal(each)) for each in ("a\u200eb", "a" * 101 + "\n", "a\n", "\ue000")],
        [Quad(A, P, Literal(each, language="ar")) for each in ("\x01", "م\u202e", "م")],
        # A percent sign is no place to put an object.
        [Quad(A, NamedNode(f"{BASE}100%25s"), B), Quad(A, P, Literal("100%s"))],
        # A triple is said once, in however many graphs it is.
        [Quad(A, P, each, graph) for each in (B, Literal("a")) for graph in (A, P, B)],
    ],
)
def test_what_is_hard_is_written_as_in_memory(tmp_path: Path, given_quads: list[Quad]) -> None:
    with SortedDataset.of(given_quads, tmp_path) as dataset:
        for name in FORMATS:
            assert on_disk(dataset, name) == in_memory(given_quads, name)


def test_numbers_are_told_apart_by_their_zeros(tmp_path: Path) -> None:
    texts = [f"{BASE}place/{each}" for each in ("0", "00", "000", "1", "01", "2", "10", "010", "a")]
    given_quads = [Quad(NamedNode(each), NamedNode("x:p"), NamedNode("x:o")) for each in texts]
    lines = b"".join(nquads(given_quads)).splitlines(keepends=True)
    subjects = SubjectsInMemory(lines)
    found = [subjects[each].subject for each in Arrangement(subjects, Order(), Memory(), tmp_path)]
    # By the number, and of the same numbers by the characters.
    places = ["0", "00", "000", "01", "1", "2", "010", "10", "a"]
    assert found == [f"<{BASE}place/{each}>" for each in places]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(quads(iris) | knots)
def test_subjects_stand_where_they_do_in_memory(tmp_path: Path, given_quads: list[Quad]) -> None:
    expected = list(READING_ORDER.positions(describe(given_quads)))
    path = tmp_path / "dataset.nq"
    path.write_bytes(b"".join(nquads(given_quads)))
    in_list = SubjectsInMemory(path.read_bytes().splitlines(keepends=True))
    kept = Arrangement(in_list, READING_ORDER, Memory(), tmp_path)
    assert [in_list[each].subject[1:-1] for each in kept] == expected
    folder = tmp_path / "room"
    folder.mkdir(exist_ok=True)
    with path.open("rb") as stream, Disk(folder) as room:
        subjects = SubjectsOnDisk(stream, room)
        arrangement = Arrangement(subjects, READING_ORDER, room, folder)
        assert [subjects[each].subject[1:-1] for each in arrangement] == expected
        positions = [arrangement.position(f"<{iri}>") for iri in expected]
        assert positions == list(range(len(expected)))
        assert arrangement.position("<urn:nobody>") == len(expected)


@pytest.mark.parametrize("name", FORMATS)
def test_the_example_is_written_as_by_hand(tmp_path: Path, name: str) -> None:
    given_quads = list(ox.parse(path=GOLDEN / "input.nq"))
    random.Random(1).shuffle(given_quads)
    with SortedDataset.of(given_quads, tmp_path, EXAMPLE_ORDER) as dataset:
        written = {
            "nq": dataset.nquads,
            "ttl": lambda: dataset.turtle(EXAMPLE_PREFIXES),
            "trig": lambda: dataset.trig(EXAMPLE_PREFIXES),
            "jsonld": lambda: dataset.jsonld(json.loads((GOLDEN / "context.json").read_text())),
        }[name]()
        content = b"".join(written).decode()
    assert content == (GOLDEN / f"expected.{name}").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="files are mapped without room elsewhere")
def test_what_the_disk_refuses_is_an_error_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "dataset.nq"
    path.write_bytes(
        b"".join(b"<x:%06d> <x:p> <x:o> <x:g> .\n" % number for number in range(20_000))
    )
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from kgpub.serialisation.sorted_dataset import SortedDataset\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "path = Path(sys.argv[1])\n"
        "try:\n"
        "    with SortedDataset(path, path.parent) as dataset:\n"
        "        list(dataset.turtle({}))\n"
        "except OSError:\n"
        "    sys.exit(33)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert done.returncode == 33
    assert list(tmp_path.iterdir()) == [path]
