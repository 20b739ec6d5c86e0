"""How the application stands load, its own faults, and a build while it serves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from tests.service.reconciliation.gazetteer import MadeUpGazetteer, decide, queries
from tests.service.served import BASE, FACTS, fetch, running

from kgpub import Workspace
from kgpub.pipeline.initial import create_workspace
from kgpub.service.limits import Limits
from kgpub.service.reconciliation.entities import Entities
from kgpub.service.reconciliation.items import Items
from kgpub.service.reconciliation.offered import Match, Reconciliation, Thing
from kgpub.service.reconciliation.queries import Query
from kgpub.service.reconciliation.routes import reconciliation_application

FORM = {"queries": json.dumps({"q": {"query": "x"}})}


@dataclass
class HeldBack(Items):
    """A service whose answers are held back, or fail."""

    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(MadeUpGazetteer(), decide)

    def matches(self, query: Query, language: str) -> Sequence[Match]:
        if query.text == "fail":
            raise RuntimeError("a secret of the machine")
        self.entered.release()
        assert self.released.wait(20)
        return [Match(Thing("Q1", "one"), 50.0, False)]


def test_work_is_off_the_event_loop_and_only_so_much_may_wait() -> None:
    held = HeldBack()
    limits = Limits(threads=1, waiting=1)
    with running(reconciliation_application([held], limits=limits)) as origin:
        url = f"{origin}/reconcile/wikidata"
        got: list[int] = []
        clients = [
            threading.Thread(target=lambda: got.append(fetch(url, FORM).status)) for _ in range(6)
        ]
        for client in clients:
            client.start()
        assert held.entered.acquire(timeout=20)
        # One is worked on and holds the only thread; what needs none is answered meanwhile.
        assert fetch(url).status == 200
        until = time.monotonic() + 10
        while len(got) < 4 and time.monotonic() < until:
            time.sleep(0.02)
        assert got == [503, 503, 503, 503]
        held.released.set()
        for client in clients:
            client.join(20)
        assert sorted(got) == [200, 200, 503, 503, 503, 503]


def test_what_takes_too_long_is_given_up_between_two_queries() -> None:
    held = HeldBack()
    held.released.set()
    now = SimpleNamespace(seconds=0.0)

    def clock() -> float:
        now.seconds += 1
        return float(now.seconds)

    limits = Limits(seconds=5)
    with running(reconciliation_application([held], limits=limits, clock=clock)) as origin:
        url = f"{origin}/reconcile/wikidata"
        assert len(queries(url, **{f"q{n}": {"query": "x"} for n in range(3)})) == 3
        batch = json.dumps({str(n): {"query": "x"} for n in range(50)})
        got = fetch(url, {"queries": batch})
    assert (got.status, got.json["message"]) == (503, "the answer takes too long")


def test_a_fault_of_kgpub_shows_nothing_of_the_machine() -> None:
    with running(reconciliation_application([HeldBack()])) as origin:
        url = f"{origin}/reconcile/wikidata"
        got = fetch(url, {"queries": json.dumps({"q": {"query": "fail"}})})
        assert got.status == got.json["code"] == 500
        assert b"secret" not in got.body
        assert fetch(url).status == 200


def test_a_workspace_that_is_not_built_is_not_there_yet(tmp_path: Path) -> None:
    create_workspace(tmp_path / "w", BASE, "Title", "Me", "https://example.org/licence")
    workspace = Workspace(tmp_path / "w")
    with running(reconciliation_application([Entities(workspace)])) as origin:
        url = f"{origin}/reconcile/entities"
        assert fetch(url).json["name"] == "Title"
        got = fetch(url, FORM)
        assert got.status == 503
        assert str(tmp_path).encode() not in got.body
        workspace.build()
        assert queries(url, q={"query": "Layla Hasan"})["q"][0]["match"] is True


def test_a_build_is_seen_by_the_next_request(tmp_path: Path) -> None:
    create_workspace(tmp_path / "w", BASE, "Title", "Me", "https://example.org/licence")
    workspace = Workspace(tmp_path / "w")
    workspace.build()
    path = tmp_path / "w/articles/example/facts.yaml"
    with running(reconciliation_application([Entities(workspace)])) as origin:
        url = f"{origin}/reconcile/entities"
        umm = {"query": "Umm Yusuf"}
        assert queries(url, q=umm)["q"] == []
        path.write_text(FACTS, encoding="utf-8")
        workspace.build()
        assert queries(url, q=umm)["q"][0]["id"] == "person/layla-hasan"
        path.write_text(FACTS.replace("Umm Yusuf", "Umm Ali"), encoding="utf-8")
        workspace.build()
        assert queries(url, q=umm)["q"] == [] or not queries(url, q=umm)["q"][0]["match"]


def test_an_address_that_is_told_stands_in_place_of_the_host(workspace: Workspace) -> None:
    application = reconciliation_application(
        [Entities(workspace)], "/r", "https://data.example.org"
    )
    with running(application) as origin:
        manifest = fetch(f"{origin}/r/ar/entities", Host="evil.example").json
    assert manifest["suggest"]["entity"]["service_url"] == "https://data.example.org/r/ar/entities"
    assert "evil" not in json.dumps(manifest)
    assert "127.0.0.1" not in json.dumps(manifest)


def test_without_a_service_for_items_they_are_plain_values(workspace: Workspace) -> None:
    extend = {"ids": ["person/layla-hasan"], "properties": [{"id": "wikidata"}]}
    with running(reconciliation_application([Entities(workspace)])) as origin:
        got = fetch(f"{origin}/reconcile/entities", {"extend": json.dumps(extend)}).json
    assert got["rows"]["person/layla-hasan"]["wikidata"] == [{"str": "Q42"}]
    assert "service" not in got["meta"][0]


def test_many_clients_at_once_get_what_one_gets(workspace: Workspace) -> None:
    services: list[Reconciliation] = [Entities(workspace), Items(MadeUpGazetteer(), decide)]
    with running(reconciliation_application(services)) as origin:
        urls = [f"{origin}/reconcile/{slug}" for slug in ("entities", "wikidata")]
        form = {"queries": json.dumps({"q": {"query": "Layla Hasan"}})}
        expected = [fetch(url, form).json for url in urls]
        got: list[bool] = []

        def ask() -> None:
            for _ in range(10):
                got.append([fetch(url, form).json for url in urls] == expected)

        clients = [threading.Thread(target=ask) for _ in range(8)]
        for client in clients:
            client.start()
        for client in clients:
            client.join(30)
    assert got == [True] * 80
