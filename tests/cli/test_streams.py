"""Streams that are closed, full or left by their reader, and Ctrl-C at any time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.processes import finished
from tests.conftest import BASE, Run

from kgpub.pipeline.initial import create_workspace
from kgpub.pipeline.workspace import Workspace

KGPUB = f'"{sys.executable}" -m kgpub'


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    create_workspace(root, BASE, "Example", "Me", "https://creativecommons.org/licenses/by/4.0/")
    Workspace(root).build()
    return root


@pytest.fixture
def built(original: Path, tmp_path: Path) -> Path:
    """A built workspace of the test's own."""
    return shutil.copytree(original, tmp_path / "workspace")


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return finished("bash", "-c", line, cwd=cwd)


ANSWERS = [
    "query 'ASK {}'",
    "query names -p lang=ar",
    "query names -p lang=ar -f csv",
    "query --list",
    "export",
    "validate",
    "build",
    "--help",
    "--version",
]


@pytest.mark.parametrize("command", ANSWERS)
@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
def test_an_answer_that_cannot_be_printed(built: Path, command: str, redirection: str) -> None:
    done = shell(f"{KGPUB} {command} {redirection}", built)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("kgpub: standard output: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ANSWERS)
def test_a_reader_that_leaves_is_no_error(built: Path, command: str) -> None:
    done = shell(f"{KGPUB} {command} | true; exit ${{PIPESTATUS[0]}}", built)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("form", ["csv", "table"])
def test_a_reader_of_one_line(built: Path, form: str) -> None:
    numbers = " ".join(map(str, range(20_000)))
    (built / "many.rq").write_text(f"SELECT ?x {{ VALUES ?x {{ {numbers} }} }}", encoding="utf-8")
    command = f"{KGPUB} query many.rq -f {form} | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = shell(command, built)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "2>&1 >/dev/null | true"])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("validate", 0),
        ("build --fresh", 0),
        ("validate nosuch", 2),
        ("query nosuch", 2),
        ("nosuch", 2),
        ("-w /nowhere build", 2),
    ],
)
def test_messages_that_cannot_be_printed_change_no_exit_code(
    built: Path, command: str, code: int, redirection: str
) -> None:
    done = shell(f"{KGPUB} {command} {redirection}; exit ${{PIPESTATUS[0]}}", built)
    assert done.returncode == code


def test_refused_data_whose_problems_cannot_be_printed(built: Path) -> None:
    (built / "articles/example/more.yaml").write_bytes(b"")
    assert shell(f"{KGPUB} build 2>&-", built).returncode == 1


def test_standard_input_that_is_closed(built: Path) -> None:
    done = shell(f"{KGPUB} query - <&-", built)
    assert done.returncode == 2
    assert done.stderr.startswith("kgpub: standard input: cannot be read")
    assert shell(f"{KGPUB} query 'ASK {{}}' <&-", built).stdout == "true\n"


def test_a_build_with_every_stream_closed_writes_its_files_only(built: Path, kgpub: Run) -> None:
    expected = (built / "output/dataset.nq").read_bytes()
    assert shell(f"{KGPUB} build --fresh <&- >&- 2>&-", built).returncode == 2
    assert (built / "output/dataset.nq").read_bytes() == expected
    assert kgpub("query", "ASK { ?p a kg:Person }", cwd=built).stdout == "true\n"


# Started by an import of its own, so that Ctrl-C comes after Python itself has started.
INTERRUPTED = """
import os, signal, sys, threading, time
from kgpub.cli import main
sys.argv[:] = ["kgpub", "build", "--fresh"]
def interrupt():
    time.sleep(float(os.environ["DELAY"]))
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
main()
"""


@pytest.mark.parametrize("delay", [0.03, 0.06, 0.1, 0.15, 0.2])
def test_ctrl_c_is_silent_while_modules_are_imported(built: Path, delay: float) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        cwd=built,
        env={**os.environ, "DELAY": str(delay)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, b"")


def test_ctrl_c_ends_a_query_that_takes_long(built: Path) -> None:
    pattern = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))
    process = subprocess.Popen(
        [sys.executable, "-m", "kgpub", "query", f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"],
        cwd=built,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert process.returncode in (-signal.SIGINT, 130)
    assert told == b""
