"""That servers are measured and what is measured is judged right; nothing depends on time."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from benchmarks import serving, serving_soak
from benchmarks.serving_load import Load, Measured, by_python, by_wrk, has_wrk, path_of
from benchmarks.serving_page import OURS, OXIGRAPH, RDFLIB, Results, page
from benchmarks.serving_questions import ROWS, TURTLE, Kind, answered_alike
from benchmarks.serving_runs import COMPUTED, REPEATED, Beside, Large, Round, Rounds
from benchmarks.serving_servers import HOST, Server, processor_seconds, tree
from benchmarks.serving_watching import Sample, grown

SAMPLE = Sample(10.0, 100 * 2**20, 200 * 2**20, 5, 100, 0, 0, 4)


@contextmanager
def listening(status: int = 200, value: str = "1") -> Iterator[tuple[Server, list[str]]]:
    """A server that answers each query with one row, and the queries that it was asked."""
    asked: list[str] = []
    row = {"n": {"type": "literal", "value": value}}

    class Answering(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(parse_qs(urlsplit(self.path).query)["query"][0])
            content = json.dumps({"results": {"bindings": [row]}}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer((HOST, 0), Answering) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield Server("one", 0, running.server_address[1], "/"), asked
        finally:
            running.shutdown()
            thread.join()


GENERATORS = [
    by_python,
    pytest.param(by_wrk, marks=pytest.mark.skipif(not has_wrk(), reason="wrk is not installed")),
]


@pytest.mark.parametrize("measure", GENERATORS)
def test_each_request_of_a_marked_load_is_another_text(measure: serving.Generator) -> None:
    with listening() as (server, asked):
        paths = [path_of(server, text) for text in ("ASK {}", "ASK { ?s ?p ?o }")]
        measured = measure(Load(server.port, paths, ROWS, 1.0, 2, "round1"))
    assert measured.failed == 0
    # wrk leaves off in the middle.
    assert measured.answered <= len(asked) <= measured.answered + measured.cut
    assert len(set(asked)) == len(asked) > 10
    assert {text.partition("#")[0] for text in asked} == {"ASK {}", "ASK { ?s ?p ?o }"}
    assert all(text.partition("#")[2].startswith("round1-") for text in asked)


@pytest.mark.parametrize("measure", GENERATORS)
def test_what_is_not_answered_is_counted(measure: serving.Generator) -> None:
    with listening(status=503) as (server, asked):
        measured = measure(Load(server.port, [path_of(server, "ASK {}")], ROWS, 1.0, 2))
    assert set(asked) == {"ASK {}"}
    assert measured.failed > 10


def test_servers_that_answer_differently_are_not_compared() -> None:
    kind = Kind("any", ROWS, ("SELECT * {}",))
    with listening() as (one, _), listening() as (same, _), listening(value="2") as (other, _):
        assert answered_alike([one, same], kind) == 1
        with pytest.raises(ValueError, match="answers differ"):
            answered_alike([one, other], kind)


def test_ratios_are_of_rounds_and_judged() -> None:
    ours, peer, third = (OURS, COMPUTED), (OXIGRAPH, COMPUTED), (RDFLIB, COMPUTED)
    lookup, join = Rounds("lookup", "Python"), Rounds("join", "Python")
    for rounds, rates in ((lookup, (50, 60, 20)), (join, (89, 80, 70))):
        rounds.of[ours] = [Round(rate, 0.002) for rate in rates]
        rounds.of[OURS, REPEATED] = [Round(101, 0.001)] * 3
        rounds.of[peer] = [Round(100, 0.001), Round(100, 0.001), Round(50, 0.001)]
        rounds.of[third] = [Round(5, 0.1)] * 3
    alone = Measured(10, 0, 0, 1.0, 0.001, 0.010)
    beside = [Beside(4, [alone] * 3, [replace(alone, middle=0.002, high=0.021)] * 3)]
    large = {OURS: [Large(0.073, 1.0, 38_000_000)]}
    results = Results(9, 3, 1.0, 0.2, {"lookup": 7, "join": 8}, [lookup, join], beside, large)
    text = page(results)
    # 50/100, 60/100, 20/50; 0.5 is more than 0.45. And 50/5, 60/5, 20/5.
    assert "| lookup | 0.50 (0.40 to 0.60) | 0.45: yes | 2.00 | 1.01 (1.01 to 2.02) |" in text
    assert "| 10.00 (4.00 to 12.00) | 10: yes |" in text
    # 0.89 is less than 0.9.
    assert "| join | 0.89 (0.80 to 1.40) | 0.9: NO | 2.00 |" in text
    assert "| 4 | p50 | 1.00 (1.00 to 1.00) | 2.00 (2.00 to 2.00) | 2.00 |  |" in text
    assert "| 2.10 | 2: NO |" in text
    assert f"| {OURS} | 38.0 | 73 (73 to 73) | 1.00 |" in text


def test_growth_is_told() -> None:
    more = replace(
        SAMPLE, memory=SAMPLE.memory + 32 * 2**20, processes=6, files=116, gone=64, kept=5
    )
    assert grown([SAMPLE, replace(SAMPLE, files=999), more]) == []
    assert grown([SAMPLE, replace(more, memory=more.memory + 1)]) == [
        "memory grew from 104,857,600 to 138,412,033, by more than 33,554,432"
    ]
    leaking = replace(SAMPLE, processes=7, files=117, gone=65, temporary=1, kept=6)
    told = [each.partition(" ")[0] for each in grown([SAMPLE, leaking])]
    assert told == ["processes", "files", "gone", "temporary", "kept"]


def test_processes_count_with_all_that_descend_from_them_even_when_they_have_ended() -> None:
    busy = "while True: pass"
    nested = (
        f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {busy!r}])\n"
        "input(); child.kill(); child.wait(); print(); input()"
    )
    command = [sys.executable, "-c", nested]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.pid in tree(os.getpid())
        while (used := processor_seconds(process.pid)) < 0.5:  # which only the child can use
            time.sleep(0.05)
        assert len(tree(process.pid)) == 2
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        assert len(tree(process.pid)) == 1
        assert processor_seconds(process.pid) >= used
        process.stdin.close()


def test_a_soak_is_told_at_the_end_of_the_page() -> None:
    soaked = f"{serving_soak.TITLE}\n\nnew\n"
    assert serving_soak.with_section("", soaked) == soaked
    page_ = serving_soak.with_section("# Page\n\nrow\n", soaked)
    assert page_ == f"# Page\n\nrow\n\n{soaked}"
    assert serving_soak.with_section(page_, soaked) == page_
    assert serving_soak.section_of(page_) == soaked
    assert serving_soak.with_section("# Page\n", serving_soak.section_of("# Page\n")) == "# Page\n"


def test_all_is_measured_on_a_small_corpus(tmp_path: Path) -> None:
    output = tmp_path / "SERVING.md"
    output.write_text(f"old\n\n{serving_soak.TITLE}\n\nkept\n")
    few = ["--triples", "6000", "--rounds", "1", "--seconds", "0.5", "--bytes", "300000"]
    options = [*few, "--no-wrk", "--rdflib-endpoint", "", "--output", str(output)]
    assert serving.main(options) == 0
    text = output.read_text()
    assert text.endswith(f"{serving_soak.TITLE}\n\nkept\n")
    assert "old" not in text
    rates = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    measured = {cells[0]: cells for cells in rates if len(cells) == 8}
    for kind in ("lookup", "join", "aggregate", "text", "construct"):
        numbers = [float(cell.replace(",", "")) for cell in measured[kind][1:]]
        assert all(number >= 0 for number in numbers)
        assert numbers[0] > 0 and numbers[1] > 0
    assert TURTLE not in text
