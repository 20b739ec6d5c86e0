"""Measures the validation of submissions over HTTP, beside the same validation in a process.

`python -m benchmarks.submitting --stores 100000,1000000` writes SUBMITTING.md in benchmarks/. Each
submission has 20 facts and an article of its own that the workspace does not have. `--keep FOLDER`
takes workspaces that `python -m benchmarks.validation --keep FOLDER --prepare` has made.

The rate is found with an open loop: requests begin when their time has come, whatever became of
those before them, so that a server that falls behind is seen to.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from threading import local

from benchmarks.corpus import article_files
from benchmarks.serving_servers import (
    HOST,
    Server,
    free_port,
    kgpub,
    processor_seconds,
    settle,
    started,
)
from benchmarks.synthesis import synthesise
from benchmarks.validation import prepared
from kgpub.cli import collect_less_often
from kgpub.client.sent import NewArticle, form
from kgpub.pipeline.workspace import Workspace
from kgpub.service.submitting.reports import as_json
from kgpub.service.submitting.task import Task
from kgpub.submissions.submission import Article, Content

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "benchmarks/SUBMITTING.md"
FACTS = 20
WARMING, ALONE = 20, 100
SECONDS = 20.0
"""Of each rate."""
RATES = "10,20,30,40,60,80,100"
_CONNECTIONS = 64
_LIMITS = {
    "KGPUB_SERVE_SUBMISSION_LIMITS_PER_MINUTE": "1000000",
    "KGPUB_SERVE_SUBMISSION_LIMITS_PROCESSES": "2",
    "KGPUB_SERVE_ACCESS_LOG": "false",
}
_START_SECONDS = 300.0
_HEADS = (
    "| a second | median ms | p99, first half | p99, second half | refused |",
    "|---|---|---|---|---|",
)

Sent = tuple[bytes, str]
"""A body, and its media type."""


def contents(root: Path, number: int) -> list[Content]:
    """Return so many submissions, each with an article that the workspace does not have."""
    first = 10 * len(list((root / "articles").iterdir()))
    made = []
    for each in range(number):
        files = dict(article_files(synthesise(first + each, facts=FACTS)))
        article = Article(files["article.txt"].encode(), files["article.yaml"].encode())
        made.append(Content("", ".yaml", files["facts.yaml"].encode(), article))
    return made


def in_process(folder: Path) -> dict[str, float]:
    """Return the milliseconds of the processor that the same takes in a process that is warm."""
    place = Workspace(folder / "workspace")
    tasks = [Task(each) for each in contents(place.root, WARMING + ALONE)]
    seconds = []
    for task in tasks:
        begun = time.process_time()
        as_json(place, task)
        seconds.append(time.process_time() - begun)
    return {"ms": 1000 * median(seconds[WARMING:])}


def over_http(folder: Path, rates: Sequence[int]) -> dict[str, object]:
    """Return the milliseconds of requests one at a time, and what came of them at each rate.

    One at a time by the clock, and of the processor in all processes of the server together.
    """
    root = folder / "workspace"
    sent = [_form(each) for each in contents(root, 400)]
    port = free_port()
    command = kgpub(root, port, "--submissions", "--processes", "1")
    with started("kgpub", command, port, "/api/validate", _LIMITS) as server:
        client = _Client(server)
        _await_ready(client, server, sent[0])
        for each in sent[:WARMING]:
            client.ask(each)
        settle(server.pid)
        before = processor_seconds(server.pid)
        alone = [client.ask(each)[0] for each in sent[WARMING : WARMING + ALONE]]
        used = (processor_seconds(server.pid) - before) / ALONE
        return {
            "alone": alone,
            "ms": 1000 * used,
            "rates": [_at(client, sent, rate) for rate in rates],
        }


class _Client:
    """Asks a server to validate; each thread has a connection of its own."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._own = local()

    def ask(self, sent: Sent, begun: float = 0.0) -> tuple[float, int]:
        """Return the milliseconds since a moment, else since now, and the status."""
        begun = begun or time.perf_counter()
        answer = self._asked(sent)
        if answer is None and self._own.is_used:  # it was closed for not having been used for long
            answer = self._asked(sent)
        milliseconds = 1000 * (time.perf_counter() - begun)
        if answer is None:
            return milliseconds, 0
        status, content = answer
        if status == 200 and not json.loads(content)["accepted"]:
            raise SystemExit(f"a submission is not accepted: {content[:1_000]!r}")
        return milliseconds, status

    def _asked(self, sent: Sent) -> tuple[int, bytes] | None:
        """Return status and content of an answer, None where there is none."""
        connection = getattr(self._own, "connection", None)
        self._own.is_used = connection is not None
        if connection is None:
            connection = HTTPConnection(HOST, self._server.port, timeout=120)
        body, media_type = sent
        self._own.connection = None
        try:
            connection.request("POST", "/api/validate", body, {"Content-Type": media_type})
            answer = connection.getresponse()
            found = answer.status, answer.read()
        except (OSError, HTTPException):
            connection.close()
            return None
        self._own.connection = connection
        return found


def _await_ready(client: _Client, server: Server, sent: Sent) -> None:
    """Wait until a server checks submissions, and has made what else it makes of a build."""
    until = time.monotonic() + _START_SECONDS
    while client.ask(sent)[1] != 200 or not _searches(server):
        if time.monotonic() > until:
            raise SystemExit("the server does not come to answer")


def _searches(server: Server) -> bool:
    connection = HTTPConnection(HOST, server.port, timeout=120)
    try:
        connection.request("GET", "/api/search?q=a")
        return connection.getresponse().status == 200
    finally:
        connection.close()


def _at(client: _Client, sent: list[Sent], rate: int) -> dict[str, float]:
    """Ask so many times a second; return what came of it, for both halves of the time."""
    number = int(rate * SECONDS)
    with ThreadPoolExecutor(_CONNECTIONS) as threads:
        begun = time.perf_counter() + 0.1

        def ask(each: int) -> tuple[float, int]:
            at = begun + each / rate
            time.sleep(max(0.0, at - time.perf_counter()))
            return client.ask(sent[each % len(sent)], at)

        done = list(threads.map(ask, range(number)))
    halves = [[ms for ms, _ in half] for half in (done[: number // 2], done[number // 2 :])]
    return {
        "rate": rate,
        "median": median(ms for ms, _ in done),
        "first": quantiles(halves[0], n=100)[98],
        "second": quantiles(halves[1], n=100)[98],
        "refused": sum(status != 200 for _, status in done),
        "number": number,
    }


def _form(content: Content) -> Sent:
    assert content.article is not None
    article = NewArticle(content.article.text, content.article.metadata)
    return form(content.body, "facts.yaml", article)


def _child(step: str, folder: Path, rates: str = "") -> dict[str, object]:
    """Run a step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.submitting", step, str(folder), rates]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _section(triples: float, mine: dict[str, object], peer: dict[str, object]) -> list[str]:
    alone: list[float] = mine["alone"]  # type: ignore[assignment]
    rates: list[dict[str, float]] = mine["rates"]  # type: ignore[assignment]
    processor: float = peer["ms"]  # type: ignore[assignment]
    used: float = mine["ms"]  # type: ignore[assignment]
    rows = [
        f"| {each['rate']:.0f} | {each['median']:,.0f} | {each['first']:,.0f} | "
        f"{each['second']:,.0f} | {each['refused']:.0f} of {each['number']:.0f} |"
        for each in rates
    ]
    return [
        "",
        f"## {triples:,.0f} triples",
        "",
        f"One at a time over HTTP: {median(alone):.0f} ms by the clock (median of {len(alone)}; "
        f"p99 {quantiles(alone, n=100)[98]:.0f} ms), {used:.0f} ms of the processor in all "
        f"processes of the server. The same in a process: {processor:.0f} ms of the processor. The "
        f"ratio of the two: {used / processor:.2f}.",
        *(["", *_HEADS, *rows] if rows else []),
    ]


def _page(sections: list[str]) -> str:
    return "\n".join(
        [
            "# Validation of submissions over HTTP, measured",
            "",
            "Written by `make bench-submitting` (`python -m benchmarks.submitting`); do not edit.",
            f"Python {platform.python_version()}, two cores, shared with other work, by server,",
            f"two processes that check, and client. Submissions of {FACTS} facts, each with a new",
            "article, compared with what is published; each rate for "
            f"{SECONDS:.0f} seconds, in an open loop.",
            "A rate is kept up where the p99 of the second half is no more than that of the first.",
            *sections,
            "",
        ]
    )


_STEPS: dict[str, Callable[[Path, list[int]], dict[str, object]]] = {
    "in_process": lambda folder, _: {**in_process(folder)},
    "over_http": over_http,
}


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",") if each]


def _main() -> None:
    if len(sys.argv) > 2 and sys.argv[1] in _STEPS:
        collect_less_often()
        print(json.dumps(_STEPS[sys.argv[1]](Path(sys.argv[2]), _numbers(sys.argv[3]))))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stores", default="100000,1000000", help="triples in stores")
    parser.add_argument("--rates", default=RATES, help="requests a second, to be kept up")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="file to write")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="with workspaces, or for them")
    asked = parser.parse_args()
    sections: list[str] = []
    for triples in _numbers(asked.stores):
        with prepared(triples, asked.keep) as (folder, made):
            peer = _child("in_process", folder)
            mine = _child("over_http", folder, asked.rates)
            sections += _section(made["triples"], mine, peer)
        asked.output.write_text(_page(sections), encoding="utf-8")


if __name__ == "__main__":
    _main()
