"""Updates over HTTP, by those with a token: whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from tests.service.served import fetch, make_workspace
from tests.service.sparql_served import BASE, publish
from tests.service.updates_served import BUILT, LIMITS, Place, place, token

from kgpub.service.errors import RequestError
from kgpub.service.sparql.updates import UpdateLimits, Updates
from kgpub.service.sparql.updating import Order, Report
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope
from kgpub.store.embedded import Generations
from kgpub.store.locking import locked
from kgpub.store.updates.evaluation import ChangeLimits


@pytest.fixture(scope="module")
def somewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("updates")) as found:
        yield found


def union_is_right(store: Store) -> bool:
    quads = list(store)
    union = [quad.triple for quad in quads if quad.graph_name == DefaultGraph()]
    named = {quad.triple for quad in quads if quad.graph_name != DefaultGraph()}
    return len(union) == len(named) and set(union) == named


# Who may


def test_an_update_is_seen_once_it_is_answered(somewhere: Place) -> None:
    text = "INSERT DATA { <new> <p> 'one' . GRAPH <http://e/g> { <new> <p> 'two' } }"
    got = somewhere.update(text)
    assert (got.status, got.body) == (204, b"")
    assert somewhere.values("SELECT ?o { <new> <p> ?o }") == ['"one"', '"two"']
    assert somewhere.values("SELECT ?g { GRAPH ?g { <new> <p> 'one' } }") == [
        f"<{BASE}graph/updates>"
    ]
    assert somewhere.update("DROP ALL").status == 204
    assert somewhere.values("SELECT ?o { ?s <p> ?o }") == ['"a"', '"b"', '"c"']
    form = {"update": "INSERT DATA { <new> <p> 'three' }"}
    assert fetch(somewhere.address, form, authorization=f"Bearer {somewhere.token}").status == 204
    assert somewhere.values("SELECT ?o { <new> <p> ?o }") == ['"three"']


def test_only_who_has_a_token_of_this_scope_may(somewhere: Place) -> None:
    before = somewhere.generations.fingerprint()
    form = {"update": "INSERT DATA { <x> <p> 1 }"}
    without = fetch(somewhere.address, form)
    assert without.status == 401 and without.headers["www-authenticate"].startswith("Bearer")
    wrong = fetch(somewhere.address, form, authorization=f"Bearer {somewhere.token[:-1]}x")
    assert wrong.status == 401 and "invalid_token" in wrong.headers["www-authenticate"]
    other = fetch(somewhere.address, form, authorization=f"Bearer {somewhere.metrics_token}")
    assert other.status == 403 and "insufficient_scope" in other.headers["www-authenticate"]
    assert somewhere.generations.fingerprint() == before


def test_the_audit_tells_who_and_where_and_never_what(somewhere: Place) -> None:
    somewhere.audit.clear()
    text = "INSERT DATA { GRAPH <http://e/audited> { <x> <p> 'secret', 'other' } }"
    assert somewhere.update(text).status == 204
    assert somewhere.update("DROP GRAPH <http://e/audited>").status == 204
    assert somewhere.update("INSERT DATA { 'secret' }").status == 400
    lines = [json.loads(each) for each in somewhere.audit]
    assert [each["status"] for each in lines] == [204, 204, 400]
    assert {each["token"] for each in lines} == {somewhere.id}
    assert lines[0]["graphs"] == {"http://e/audited": [2, 0]}
    assert lines[1]["graphs"] == {"http://e/audited": [0, 2]}
    assert lines[0]["bytes"] == len(text)
    assert datetime.fromisoformat(lines[0]["at"]).tzinfo is not None
    told = "".join(somewhere.audit)
    assert "secret" not in told and somewhere.token not in told


# What may not


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("INSERT DATA { GRAPH <submission/x> { <a> <p> 1 } }", 403, f"<{BASE}submission/x>"),
        ("WITH <graph/links> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", 403, "graph/links"),
        ("CLEAR ALL ;\nINSERT DATA { <a> <b> }", 400, "query:2:23"),
        ("LOAD <http://127.0.0.1:9/>", 400, "LOAD would send"),
        ("INSERT {?a ?b ?c} WHERE { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }", 400, "SERVICE"),
        ("INSERT DATA { x:a x:b nope:c }", 400, "the prefix x: is not declared"),
        ("CREATE GRAPH <submission/new>", 403, "submission/new"),
        ("INSERT DATA { " + "[ <p> " * 5_000 + "1" + " ]" * 5_000 + " }", 503, ""),
    ],
)
def test_what_is_refused_changes_nothing(
    somewhere: Place, text: str, status: int, told: str
) -> None:
    before = somewhere.generations.fingerprint()
    got = somewhere.update(text)
    assert got.status == status, got.body
    assert told in got.body.decode()
    assert str(somewhere.folder) not in got.body.decode()
    assert somewhere.generations.fingerprint() == before


def test_nothing_reaches_what_is_built(somewhere: Place) -> None:
    built = set(BUILT)
    for text in (
        "CLEAR ALL",
        "DROP ALL",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { GRAPH ?g { ?s <p2> ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DELETE WHERE { ?s ?p ?o }",
        "MOVE DEFAULT TO <http://e/all>",
        "DROP ALL",
    ):
        assert somewhere.update(text).status == 204
        store = somewhere.generations.open()
        assert union_is_right(store)
        graphs = {quad.graph_name for quad in built}
        assert {quad for quad in store if quad.graph_name in graphs} == built
    assert {quad for quad in store if quad.graph_name != DefaultGraph()} == built


# Limits


def test_an_update_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    quads = [
        Quad(NamedNode(f"{BASE}{n}"), NamedNode(f"{BASE}p"), Literal(n), NamedNode(f"{BASE}g"))
        for n in range(300)
    ]
    limits = replace(LIMITS, seconds=1.0, wait_seconds=1.0)
    with place(tmp_path, quads, limits) as here:
        pattern = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(9))
        begun = time.monotonic()
        texts = ", ".join(f"STR(?o{n})" for n in range(9))
        where = f"{pattern} FILTER(CONCAT({texts}) = 'no')"
        got = here.update(f"INSERT {{ <a> <b> 1 }} WHERE {{ {where} }}")
        assert got.status == 503 and b"longer than 1 seconds" in got.body
        assert time.monotonic() - begun < 15
        assert here.update("INSERT DATA { <a> <b> 1 }").status in (204, 503)
        assert union_is_right(here.generations.open())


@pytest.mark.parametrize(
    ("limits", "text", "status"),
    [
        (replace(LIMITS, text=100), "INSERT DATA { <a> <b> '" + "x" * 100 + "' }", 413),
        (replace(LIMITS, stored=100), "INSERT DATA { <a> <b> '" + "x" * 100 + "' }", 507),
        (replace(LIMITS, quads=1), "INSERT DATA { <a> <b> 1, 2 }", 413),
        (
            replace(LIMITS, memory=200 * 2**20),
            "INSERT { <a> <b> ?x } WHERE { VALUES ?x { '"
            + "x" * 1_000
            + "' } "
            + "".join(
                f"BIND(CONCAT({', '.join(['?x' if n == 0 else f'?x{n - 1}'] * 8)}) AS ?x{n}) "
                for n in range(8)
            )
            + "}",
            503,
        ),
    ],
)
def test_bounds(tmp_path: Path, limits: UpdateLimits, text: str, status: int) -> None:
    with place(tmp_path, limits=limits) as here:
        before = here.generations.fingerprint()
        got = here.update(text)
        assert got.status == status, got.body
        assert here.generations.fingerprint() == before
        assert len(list((tmp_path / "store").glob("generation-*"))) <= 2


def test_who_waits_too_long_is_told(tmp_path: Path) -> None:
    with place(tmp_path, limits=replace(LIMITS, wait_seconds=0.5)) as here:
        with locked(tmp_path, 1):  # as a build does
            got = here.update("INSERT DATA { <a> <b> 1 }")
            assert got.status == 503 and b"is being built" in got.body
            assert got.headers["retry-after"]
        assert here.update("INSERT DATA { <a> <b> 1 }").status == 204


def test_only_so_many_wait(tmp_path: Path) -> None:
    publish(tmp_path / "store", BUILT)

    async def nothing() -> None:
        pass

    async def all_at_once() -> list[object]:
        generations = Generations(tmp_path / "store")
        updates = Updates(
            generations,
            tmp_path,
            BASE,
            {},
            nothing,
            lambda: datetime.now(UTC),
            [].append,
            replace(LIMITS, waiting=2, wait_seconds=60),
        )
        _, holder = token(KeptTokens(tmp_path), Scope.update)
        calls = [updates.apply(f"INSERT DATA {{ <a> <b> {n} }}", None, holder) for n in range(6)]
        return await asyncio.gather(*calls, return_exceptions=True)

    outcomes = asyncio.run(all_at_once())
    refused = [each for each in outcomes if isinstance(each, RequestError)]
    assert len(refused) == 3 and {each.status for each in refused} == {503}
    assert outcomes.count(None) == 3
    own = (
        Generations(tmp_path / "store")
        .open()
        .quads_for_pattern(None, None, None, NamedNode(f"{BASE}graph/updates"))
    )
    assert len(list(own)) == 3


# Whole or not at all


def test_queries_see_the_store_before_or_after(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        seen: set[int] = set()
        is_over = threading.Event()

        def look() -> None:
            while not is_over.is_set():
                (count,) = here.values(
                    "SELECT (COUNT(*) AS ?n) { ?s <q> ?o . GRAPH ?g { ?s <q> ?o } }"
                )
                seen.add(int(count.split("^")[0].strip('"')))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            objects = ", ".join(map(str, range(500)))
            for _ in range(2):
                assert here.update(f"INSERT DATA {{ <s> <q> {objects} }}").status == 204
                assert here.update("DELETE WHERE { <s> <q> ?o }").status == 204
        finally:
            is_over.set()
            thread.join()
        assert seen == {0, 500}


def test_an_update_that_is_killed_is_done_or_not_begun(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    publish(folder, BUILT)
    generations = Generations(folder)
    objects = ", ".join(map(str, range(2_000)))
    there, quickest = False, 60.0
    randomness = random.Random(6)
    for number in range(22):
        text = "CLEAR ALL" if there else f"INSERT DATA {{ <s> <q> {objects} }}"
        order = Order(
            text, None, str(folder), str(tmp_path), BASE, {}, f"m{number}", ChangeLimits(),
            2**26, 2**30, 5.0,
        )  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "kgpub.service.sparql.updating"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None and process.stdout is not None
        begun = time.monotonic()
        process.stdin.write(order.to_bytes())
        process.stdin.close()
        if number > 1:  # those before have shown how long it takes
            time.sleep(randomness.uniform(quickest / 4, quickest * 1.5))
            process.kill()
        told = process.stdout.read()
        process.wait()
        process.stdout.close()
        quickest = min(quickest, time.monotonic() - begun) if told else quickest
        store = generations.open()
        found = len(list(store.quads_for_pattern(None, NamedNode(f"{BASE}q"), None, None)))
        assert found in (0, 4_000) and union_is_right(store)
        assert {each for each in store if each.graph_name != DefaultGraph()} >= set(BUILT)
        assert generations.is_marked(f"m{number}") == ((found > 0) != there)
        if told:
            assert Report.from_bytes(told).fault is None and generations.is_marked(f"m{number}")
        there = found > 0
        assert generations.digests()  # builds can go on from it
    publish(folder, BUILT)
    assert len(list(folder.glob("generation-*"))) <= 4


def test_the_endpoint_learns_that_what_was_killed_is_done(tmp_path: Path) -> None:
    """An update is published, and its process ends before it can say so."""
    publish(tmp_path / "store", BUILT)
    generations = Generations(tmp_path / "store")
    served_: list[bool] = []

    async def note() -> None:
        served_.append(True)

    class Lost(Updates):
        async def _told(self, order: Order) -> bytes:
            await super()._told(order)
            return b""

    async def one(text: str) -> None:
        updates = Lost(generations, tmp_path, BASE, {}, note, lambda: datetime.now(UTC), [].append)
        _, holder = token(KeptTokens(tmp_path), Scope.update)
        await updates.apply(text, None, holder)

    asyncio.run(one("INSERT DATA { <a> <b> 1 }"))
    assert served_ == [True]
    with pytest.raises(RequestError, match="ended its process"):
        asyncio.run(one("INSERT DATA { <a> <b> 1 }"))  # which changes nothing


def test_builds_keep_what_updates_wrote_and_publish_none_of_it(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    root = tmp_path / "workspace"
    output = {path: path.read_bytes() for path in root.glob("output/**/*") if path.is_file()}
    order = Order(
        "INSERT DATA { <note> <says> 'own' . GRAPH <http://e/g> { <note> <says> 'more' } }",
        None,
        str(workspace.generations.folder),
        str(root / ".kgpub"),
        BASE,
        {},
        "mark",
        ChangeLimits(),
        2**26,
        2**30,
        5.0,
    )
    process = subprocess.run(
        [sys.executable, "-m", "kgpub.service.sparql.updating"],
        input=order.to_bytes(),
        capture_output=True,
        check=True,
    )
    assert Report.from_bytes(process.stdout).graphs == {
        f"{BASE}graph/updates": (1, 0),
        "http://e/g": (1, 0),
    }
    ask = f"SELECT ?o {{ <{BASE}note> <{BASE}says> ?o }}"

    def own() -> list[str]:
        return sorted(str(row["o"]) for row in workspace.query(ask))  # type: ignore[union-attr]

    assert own() == ['"more"', '"own"']
    assert workspace.build().unchanged
    facts = root / "articles/example/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("Umm Yusuf", "Umm Salma"), encoding="utf-8")
    assert not workspace.build().unchanged
    assert own() == ['"more"', '"own"']
    built = workspace.generations.open_built()
    assert next(built.quads_for_pattern(NamedNode(f"{BASE}note"), None, None), None) is None
    facts.write_text(text, encoding="utf-8")
    workspace.build(fresh=True)
    assert own() == ['"more"', '"own"']
    assert union_is_right(workspace.generations.open())
    again = {path: path.read_bytes() for path in root.glob("output/**/*") if path.is_file()}
    assert again == output
