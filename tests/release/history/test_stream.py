"""Others keep a copy in step by the event stream alone, from whichever release they have."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import DCTERMS, RDF, Graph, URIRef
from tests.conftest import BASE
from tests.release.history.client import AS, LDES, TREE, Client, Quad, parsed
from tests.release.history.releases import content, kept, put
from tests.web import serving

from kgpub.release.history import nodes
from kgpub.vocabulary import terms as kg

GRAPHS = [f" <{BASE}submission/{name}>" for name in ("one", "two", "ثلاثة")] + [""]
SUBJECTS = [f"<{BASE}{name}>" for name in ("person/x", "person/x-y", "fact/ab", "نص", "a%20b")]
PREDICATES = [f"<{kg.name}>", f"<{RDF.type}>", f"<{BASE}p>"]
OBJECTS = [
    *(f"<{kg.Person}>", f"<{BASE}fact/ab>", '"plain"', '"a <b"^^<http://example.org/t>'),
    *(r'"quote \" back \\ line \n tab \t"', '"<http://a/g>"', '"مصطفى <x> ."@ar', '" "'),
    *(r'"\u0000\u001F\u007F\uFFFE"', '"2019"^^<http://id.loc.gov/datatypes/edtf/EDTF>'),
    *('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"}\U0001f600 . {"@en-gb'),
]
LINES = st.builds(
    lambda s, p, o, g: f"{s} {p} {o}{g}",
    *map(st.sampled_from, (SUBJECTS, PREDICATES, OBJECTS, GRAPHS)),
)
DATASETS = st.frozensets(LINES, max_size=14)
DAYS = ["2026-11-24", "2026-11-24", "2026-11-25", "2027-01-01", "2027-01-01"]


@pytest.fixture(autouse=True)
def _as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib is not to write numbers otherwise than they were."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture
def three_a_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes are small, so that releases have several."""
    monkeypatch.setattr(nodes, "MAX_MEMBERS", 3)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder of a static server below a path, and its address."""
    root = tmp_path_factory.mktemp("web")
    below = root / "some" / "where"
    below.mkdir(parents=True)
    with serving(partial(Quiet, directory=str(root))) as server:  # type: ignore[arg-type]
        yield below, f"http://127.0.0.1:{server.server_port}/some/where"


def facts(folder: Path, version: str) -> set[Quad]:
    return parsed((folder / version / "dataset.nq").read_bytes(), "nquads", BASE)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DATASETS, min_size=1, max_size=5))
def test_from_each_release_to_each_later_one(
    web: tuple[Path, str], three_a_node: None, datasets: list[frozenset[str]]
) -> None:
    with TemporaryDirectory(dir=web[0]) as name:
        folder = Path(name)
        versions = [str(number) for number in range(1, len(datasets) + 1)]
        for version, lines, day in zip(versions, datasets, DAYS, strict=False):
            put(folder, version, lines, day)
            kept(folder)
        expected = [facts(folder, version) for version in versions]
        root = f"{web[1]}/{folder.name}/changes/stream.trig"
        times = [time for time, _ in Client(root).transactions()]
        for start in range(len(versions) + 1):
            since = times[start - 1] if start else ""
            copy = expected[start - 1] if start else set()
            states = list(Client(root, since).applied(copy))
            assert [time for time, _ in states] == times[start:]
            assert [state for _, state in states] == expected[start:]


def test_what_a_client_has_is_not_fetched_again(web: tuple[Path, str], tmp_path: Path) -> None:
    folder = web[0] / "known"
    for number in range(1, 5):
        put(folder, str(number), [f'<{BASE}a> <{BASE}p> "{number}"'], f"2026-11-2{number}")
    kept(folder)
    root = f"{web[1]}/known/changes/stream.trig"
    client = Client(root, "2026-11-23T00:00:00Z")
    assert len(client.transactions()) == 1
    assert client.visited == [root, f"{web[1]}/known/changes/4/stream.tree.trig"]


def test_the_last_member_has_the_hash_of_the_release(web: tuple[Path, str]) -> None:
    folder = web[0] / "hashes"
    put(folder, "1", [f'<{BASE}a> <{BASE}p> "1"'])
    put(folder, "1.1", [])
    kept(folder)
    transactions = Client(f"{web[1]}/hashes/changes/stream.trig").transactions()
    told = {
        str(member.one(URIRef("http://www.w3.org/ns/dcat#version"))): str(
            member.one(URIRef("https://schema.org/sha256"))
        )
        for _, members in transactions
        for member in members
        if str(member.iri).startswith(f"{BASE}release/") and "#" not in member.iri
    }
    records = [json.loads((folder / v / "release.json").read_text()) for v in ("1", "1.1")]
    assert told == {record["version"]: record["hash"] for record in records}


def test_one_graph_goes_and_what_another_says_of_the_same_stays(web: tuple[Path, str]) -> None:
    """As when a submission is removed that describes somebody whom another describes too."""
    one, two = (f"<{BASE}submission/{name}>" for name in ("one", "two"))
    person = f"<{BASE}person/x>"
    folder = web[0] / "shared"
    put(folder, "1", [f'{person} <{kg.name}> "X" {graph}' for graph in (one, two)])
    put(folder, "2", [f'{person} <{kg.name}> "X" {two}'])
    kept(folder)
    _, latest = Client(f"{web[1]}/shared/changes/stream.trig").transactions()
    [gone] = [each for each in latest[1] if each.has(RDF.type, AS.Delete)]
    assert gone.has(AS.target, URIRef(one[1:-1]))
    assert len(latest[1]) == 2


def test_a_record_keeps_its_name_where_the_base_becomes_another(web: tuple[Path, str]) -> None:
    folder = web[0] / "moved"
    put(folder, "1", [f'<{BASE}a> <{BASE}p> "1"'])
    put(folder, "2", [f'<{BASE}a> <{BASE}p> "2"'])
    put(folder, "3", [])
    for version in ("2", "3"):
        path = folder / version / "release.json"
        record = {
            **json.loads(path.read_text()),
            "iri": f"https://example.org/new/release/{version}",
        }
        path.write_text(json.dumps(record))
    kept(folder)
    transactions = Client(f"{web[1]}/moved/changes/stream.trig").transactions()
    by_record: dict[str, list[str]] = {}
    for _, members in transactions:
        for member in members:
            [kind] = [o for s, p, o, g in member.quads if s == member.iri and p == RDF.type]
            by_record.setdefault(str(member.one(AS.object)), []).append(str(kind).split("#")[1])
    assert sorted(by_record.values()) == [["Create", "Update", "Delete"], ["Dataset"] * 3]


def test_a_removal_carries_its_reason(web: tuple[Path, str]) -> None:
    submission, record = f"<{BASE}submission/one>", f"<{BASE}retraction/1>"
    retractions = f"<{BASE}retractions>"
    said = [f'<{BASE}fact/{n}> <{kg.time}> "2019" {submission}' for n in (1, 2, 3)]
    folder = web[0] / "retracted"
    put(folder, "1", said)
    put(
        folder,
        "2",
        [
            said[2],
            f"{record} <{kg.retracts}> <{BASE}fact/1> {retractions}",
            f'{record} <{kg.retractionReason}> "Misread \\"2009\\""@en {retractions}',
            f'{record} <{kg.retractionReason}> "قراءة خاطئة"@ar {retractions}',
        ],
    )
    put(
        folder,
        "3",
        [
            f"<{BASE}retraction/2> <{kg.retracts}> {submission} {retractions}",
            f'<{BASE}retraction/2> <{kg.retractionReason}> "Withdrawn"@en {retractions}',
        ],
    )
    kept(folder)
    _, second, third = Client(f"{web[1]}/retracted/changes/stream.trig").transactions()
    summaries = {
        str(member.one(URIRef("http://purl.org/dc/terms/isVersionOf"))): {
            (str(o), o.language)
            for s, p, o, _ in member.quads
            if p == AS.summary and isinstance(o, rdflib.Literal)
        }
        for _, members in (second, third)
        for member in members
        if member.has(RDF.type, AS.Delete)
    }
    misread = {('Misread "2009"', "en"), ("قراءة خاطئة", "ar")}
    assert summaries == {
        f"{BASE}fact/1": misread,
        f"{BASE}fact/2": set(),
        f"{BASE}fact/3": {("Withdrawn", "en")},
        f"{BASE}retraction/1": set(),
    }


def test_nodes_are_what_the_specification_asks_for(
    web: tuple[Path, str], three_a_node: None
) -> None:
    """LDES server primer, section 5: what must be there once, at most once, or never."""
    folder = web[0] / "asked"
    put(folder, "1", [f'<{BASE}{n}> <{BASE}p> "1"' for n in range(8)])
    put(folder, "2", [f'<{BASE}{n}> <{BASE}p> "2"' for n in range(2)])
    kept(folder)
    client = Client(f"{web[1]}/asked/changes/stream.trig")
    members = list(client.members())
    assert len(members) == 8 + 2 + 6 + 2, "created, updated, deleted, and two releases"
    assert len({member.iri for member in members}) == len(members)
    told = [(p, o) for s, p, o, _ in client.quads if s == client.stream]
    titles = [o.language for p, o in told if p == DCTERMS.title]
    assert sorted(titles) == ["ar", "ckb", "en"]
    once = [p for p, _ in told if p != DCTERMS.title]
    assert len(once) == len(set(once))
    assert (client.stream, RDF.type, LDES.EventStream, None) in client.quads
    [policy] = [o for s, p, o, _ in client.quads if p == LDES.retentionPolicy]
    assert any(s == policy and p == LDES.startingFrom for s, p, _, _ in client.quads)
    changes = folder / "changes"
    for path in changes.rglob("*.trig"):
        address = URIRef(f"{web[1]}/asked/{path.relative_to(folder).as_posix()}")
        quads = parsed(path.read_bytes(), "trig", address)
        immutable = any(s == address and p == LDES.immutable for s, p, _, _ in quads)
        assert immutable == (path.name != "stream.trig")
        relations = {o for _, p, o, _ in quads if p == TREE.relation}
        for relation in relations:
            said = [p for s, p, _, _ in quads if s == relation]
            assert sorted(said) == sorted([RDF.type, TREE.node, TREE.path, TREE.value])
    assert sorted(path.name for path in (changes / "1").glob("*.trig")) == [
        *(f"stream-{number}.tree.trig" for number in (1, 2, 3)),
        "stream.tree.trig",
    ]


def test_members_have_the_shape_that_the_stream_gives(web: tuple[Path, str]) -> None:
    folder = web[0] / "shape"
    put(folder, "1", [f'<{BASE}{n}> <{BASE}p> "1" <{BASE}g>' for n in range(3)])
    put(folder, "2", [f'<{BASE}{n}> <{BASE}p> "2"' for n in range(1, 5)])
    kept(folder)
    client = Client(f"{web[1]}/shape/changes/stream.trig")
    shapes = Graph()
    for s, p, o, _ in client.quads:
        shapes.add((s, p, o))
    target = URIRef("http://www.w3.org/ns/shacl#targetNode")
    found = Graph()
    for member in client.members():
        shapes.add((client.context[TREE.shape], target, member.iri))
        for s, p, o, g in member.quads:
            if g is None:
                found.add((s, p, o))
    conforms, _, text = validate(found, shacl_graph=shapes)
    assert conforms, text
    [some] = list(found.subjects(RDF.type, AS.Update))[:1] or [None]
    wrong = next(iter(found.subjects(AS.object)))
    found.remove((wrong, AS.object, None))
    assert not validate(found, shacl_graph=shapes)[0], some


def test_members_are_grouped_as_the_tree_profile_has_it(tmp_path: Path) -> None:
    """In the order of the file: hypermedia, then each member from `tree:member` on."""
    put(tmp_path, "1", [f'<{BASE}{n}> <{BASE}p> "1" <{BASE}g>' for n in range(3)])
    kept(tmp_path)
    text = (tmp_path / "changes/1/stream.tree.trig").read_text()
    _, *groups = text.split("<../stream.trig#stream> tree:member ")
    assert len(groups) == 4
    for group in groups[:-1]:
        name = group.split(" ")[0]
        assert group.count(f"{name} a as:Create") == group.count(f"{name} {{") == 1
        assert "<>" not in group


def test_earlier_parts_stay_as_they_are_and_anew_they_are_the_same(
    tmp_path: Path, three_a_node: None
) -> None:
    step_by_step, at_once = tmp_path / "one", tmp_path / "other"
    before: dict[str, bytes] = {}
    for number in range(1, 5):
        lines = [f'<{BASE}{n}> <{BASE}p> "{n % number}" <{BASE}g>' for n in range(number, 9)]
        for folder in (step_by_step, at_once):
            put(folder, str(number), lines)
        assert kept(step_by_step).written == 1
        now = content(step_by_step / "changes")
        assert {name: now[name] for name in before if "/" in name} == {
            name: its for name, its in before.items() if "/" in name
        }
        before = now
    assert kept(step_by_step).written == 0
    assert kept(at_once).written == 4
    assert content(at_once / "changes") == before
    assert kept(step_by_step, fresh=True).written == 4
    assert content(step_by_step / "changes") == before
    shutil.rmtree(step_by_step / "changes")
    kept(step_by_step)
    assert content(step_by_step / "changes") == before
