"""The end of several processes that serve one address, and a beginning that is none."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.service.served import fetch
from tests.service.whole_served import (
    all_serve,
    answers,
    descendants,
    eventually,
    received,
    seeded,
    servers,
    whole,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root, tmp_path / "workspace"))


def test_what_is_under_way_is_answered_before_the_end(copy: Path) -> None:
    with whole(copy, processes="2") as served:
        all_serve(served, 2)
        query = quote("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d }")
        clients = [served.connect() for _ in range(2)]
        for each in clients:
            each.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        processes = descendants(served.process.pid)
        # As systemd does: all of them are told.
        for each in (served.process.pid, *servers(served)):
            os.kill(each, signal.SIGTERM)
        for each in clients:
            (answer,) = answers(received(each))
            assert answer.status in (200, 503) and answer.is_whole
            each.close()
        assert served.process.wait(30) == 0
        eventually(lambda: not any(Path(f"/proc/{each}").exists() for each in processes))
        assert "Traceback" not in served.told.read_text(encoding="utf-8")


def test_none_is_left_where_the_first_is_killed(copy: Path) -> None:
    with whole(copy, processes="2") as served:
        all_serve(served, 2)
        processes = descendants(served.process.pid)
        served.process.kill()
        served.process.wait(10)
        eventually(lambda: not any(Path(f"/proc/{each}").exists() for each in processes))


def test_ctrl_c_ends_all_in_silence(copy: Path) -> None:
    def restored() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setpgid(0, 0)

    with whole(copy, restored, processes="2") as served:
        all_serve(served, 2)
        processes = descendants(served.process.pid)
        os.killpg(served.process.pid, signal.SIGINT)  # as a terminal does
        served.process.wait(20)
        eventually(lambda: not any(Path(f"/proc/{each}").exists() for each in processes))
        told = served.told.read_text(encoding="utf-8")
        assert "Traceback" not in told and "ERROR" not in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_ended_as_soon_as_there_is_a_process(root: Path, number: signal.Signals) -> None:
    def restored() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setpgid(0, 0)

    for turn in range(4):
        process = subprocess.Popen(
            [sys.executable, "-m", "kgpub", "serve", "--port", "0", "--processes", "2"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=restored,
        )
        try:
            eventually(lambda: bool(descendants(process.pid)))  # noqa: B023  it is called here
            time.sleep(turn * 0.15)
            os.killpg(process.pid, number)
            _, told = process.communicate(timeout=15)  # it would be killed after 20
        finally:
            process.kill()
        assert process.returncode == (130 if number == signal.SIGINT else 0)
        assert "Traceback" not in told


def test_an_address_of_ipv6_is_told_as_one(root: Path) -> None:
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "kgpub", "serve", "--port", "0", "--processes", "2"),
            *("--host", "::1"),
        ],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            origin = process.stdout.readline().strip()
            assert fetch(f"{origin}health/live").status == 200
        finally:
            process.terminate()


def test_what_is_wrong_with_all_is_told_once(copy: Path) -> None:
    (current,) = copy.glob(".kgpub/store/generation-*")
    (current / "CURRENT").write_bytes(b"MANIFEST-999999\n")
    done = subprocess.run(
        [sys.executable, "-m", "kgpub", "serve", "--port", "0", "--processes", "3"],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("kgpub build") == 1
    assert "Traceback" not in done.stderr
