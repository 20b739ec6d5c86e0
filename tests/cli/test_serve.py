"""`kgpub serve`: a process that listens, answers, and ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.conftest import Run

ITEM = {"qid": "Q42", "type": "person", "names": {"ar": ["ليلى حسن"]}, "source": "test"}


@contextmanager
def served(root: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The running command and the addresses that it tells."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kgpub", "serve", "--port", "0", *options],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        # Started by a shell in the background, tests are given SIGINT as ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    try:
        addresses = []
        while (line := process.stdout.readline()).startswith("http"):
            addresses.append(line.strip())
        yield process, addresses
    finally:
        process.kill()
        process.communicate()


def answer(address: str, **form: str) -> Any:
    data = urlencode(form).encode() if form else None
    with urlopen(address, data, timeout=30) as response:
        return json.load(response)


def test_entities_and_items_are_found_by_their_names(built: Path, tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps(ITEM) + "\n", encoding="utf-8")
    with served(built, "--gazetteer", str(items)) as (_, (*_, entities, wikidata)):
        assert answer(entities)["versions"] == ["0.2"]
        queries = json.dumps({"q": {"query": "الآنسة ليلى حسن"}})
        (first, *_) = answer(entities, queries=queries)["q"]["result"]
        assert first["id"] == "person/layla-hasan"
        (first, *_) = answer(wikidata, queries=queries)["q"]["result"]
        assert (first["id"], first["match"]) == ("Q42", True)


def test_queries_are_answered(built: Path) -> None:
    query = "ASK { ?person a kg:Person ; kg:name ?name FILTER(LANG(?name) = 'ar') }"
    with served(built) as (_, (*_, endpoint, _)):
        assert answer(endpoint, query=query)["boolean"] is True


def test_ctrl_c_ends_it_in_silence(built: Path) -> None:
    with served(built) as (process, addresses):
        assert answer(addresses[-1])["versions"] == ["0.2"]
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert "Traceback" not in told


def test_a_port_that_is_taken(built: Path, kgpub: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = kgpub("serve", "--port", str(taken.getsockname()[1]), cwd=built)
    assert done.returncode == 2
    assert "cannot be listened on" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_served_before_anything_is_built(example: Path, kgpub: Run) -> None:
    done = kgpub("serve", cwd=example)
    assert done.returncode == 2
    assert "nothing is built yet" in done.stderr
