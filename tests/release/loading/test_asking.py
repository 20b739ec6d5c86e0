"""`kgpub query --endpoint` has the options, and gives the answers, of the embedded store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import BASE
from tests.release.loading.releases import TERMS
from tests.release.loading.stores import Running, environment

from kgpub.release.loading.dump import Dump
from kgpub.release.loading.publishing import publish
from kgpub.release.loading.target import Target
from kgpub.store.endpoint import Endpoint
from kgpub.store.remote import RemoteStore

CALLS = [
    # A named query with a parameter, prefixes of the workspace's, rows in the order asked for.
    ["offices-of-person", "-p", "person=person/maryam-saleh", "-f", "xml"],
    ["SELECT ?n ?l { ?p kg:name ?n BIND(LANG(?n) AS ?l) } ORDER BY STR(?n) ?l"],
    ["ASK { ?p a kg:Person }", "-f", "csv"],
    ["ASK { ?p a kg:Nothing }", "-f", "json"],
    ["CONSTRUCT { ?p kg:name ?n } WHERE { ?p a kg:Person ; kg:name ?n }"],
]


def query(workspace: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kgpub", "query", "-w", str(workspace), *arguments],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_endpoint_is_asked_as_the_embedded_store_is(built: Path, running: Running) -> None:
    target = Target(Endpoint(running.update, running.credentials), RemoteStore(running.query))
    with Dump(built / "output") as dump:
        publish(dump, target, BASE, TERMS, lambda text: None)
    for call in CALLS:
        embedded = query(built, *call)
        assert len(embedded.splitlines()) > 1 or embedded.startswith(("{", "[", "<", "true"))
        assert query(built, *call, "--endpoint", running.query) == embedded, call


def test_credentials_need_no_network_to_be_wrong(built: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "kgpub", "query", "-w", str(built), "ASK {}"),
            *("--endpoint", "https://store.example.org/query", "--credentials", "none.toml"),
        ],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "none.toml: cannot be read" in done.stderr
