"""`kgpub release` killed at any moment, or on a disk that is full: old releases stay, whole."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.conftest import Run

DATE = "2026-11-24"
COMMAND = ["release", "--force", "--date", DATE]
MOMENTS = 8 * int(os.environ.get("KGPUB_RANDOM", "1"))


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def releases(folder: Path) -> dict[str, dict[str, str]]:
    """The releases in a folder with all their files, each of which is as its checksum says."""
    found = {}
    for path in sorted(folder.glob("[0-9]*")):
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=path, check=True
        )
        found[path.name] = snapshot(path)
        listed = (path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        assert {line.split("  ")[1] for line in listed} | {"SHA256SUMS"} == found[path.name].keys()
    return found


def renamed(root: Path, number: int) -> None:
    """Let there be something to build."""
    facts = root / "articles/example/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    before, _, after = text.partition("name: {ar: سالم عمر, en: ")
    facts.write_text(
        f"{before}name: {{ar: سالم عمر, en: Salim {number}}}{after.partition('}')[2]}",
        encoding="utf-8",
    )


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_it_is_killed_at_any_moment(built: Path, kgpub: Run) -> None:
    """Moments are spread over the time that a whole run takes, from its start on."""
    folder = built / "releases"
    renamed(built, 0)
    started = time.monotonic()
    assert kgpub(*COMMAND, cwd=built).returncode == 0
    long = time.monotonic() - started
    known, killed = releases(folder), 0
    drawn = random.Random(None if "KGPUB_RANDOM" in os.environ else 20261130)
    for number in range(MOMENTS):
        renamed(built, number + 1)
        with subprocess.Popen(
            [sys.executable, "-m", "kgpub", *COMMAND],
            cwd=built,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait((number + drawn.random()) / MOMENTS * long)
            process.send_signal(signal.SIGKILL)
            _, told = process.communicate()
        killed += process.returncode == -signal.SIGKILL
        assert process.returncode in (0, -signal.SIGKILL), told.decode()
        now = releases(folder)
        assert now.items() >= known.items()  # none has changed, and one may have come
        assert len(now) - len(known) in (0, 1)
        known = now
    assert killed > MOMENTS // 3
    done = kgpub(*COMMAND, cwd=built)  # what was left behind is in nobody's way
    assert done.returncode == 0, done.stderr
    assert len(releases(folder)) == len(known) + 1
    assert not (folder / ".kgpub-new").exists()
    found = kgpub("query", "SELECT ?n { ?p kg:name ?n }", "--format", "csv", cwd=built).stdout
    assert f"Salim {MOMENTS}" in found.splitlines()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root mounts a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this system does not let a test mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told_and_leaves_what_was_there(built: Path, kgpub: Run, disk: Path) -> None:
    """With room for nothing, for a part of the data, and for nearly all of a release."""
    folder = disk / "releases"
    command = [*COMMAND, "--to", str(folder)]
    free = shutil.disk_usage(disk).free
    assert kgpub(*command, cwd=built).returncode == 0
    size = free - shutil.disk_usage(disk).free
    known = releases(folder)
    for part in (0.0, 0.1, 0.5, 0.9):
        filler = disk / "filler"
        filler.write_bytes(b"\0" * (shutil.disk_usage(disk).free - int(part * size)))
        done = kgpub(*command, cwd=built)
        assert done.returncode == 2
        told = " ".join(done.stderr.split())
        assert "No space left on device" in told and "Traceback" not in told
        assert "The releases that are there are unchanged." in told and "--to" in told
        assert releases(folder) == known
        assert not (folder / ".kgpub-new").exists()
        filler.unlink()
    assert kgpub(*command, cwd=built).returncode == 0
    assert releases(folder).keys() == {"1", "2"}


def test_nobody_builds_while_a_release_is_made(built: Path, kgpub: Run, tmp_path: Path) -> None:
    """It is tried when the key is looked at: what was built is not read yet."""
    if not (real := shutil.which("ssh-keygen")):
        pytest.skip("OpenSSH is not there")
    key, programs, told = tmp_path / "id", tmp_path / "programs", tmp_path / "told"
    subprocess.run([real, "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    programs.mkdir()
    (programs / "ssh-keygen").write_text(
        f"#!/bin/sh\n"
        f"[ -e '{told}' ] && exec {real} \"$@\"\n"
        f"sed -i s/Salim/Saleem/ '{built}/articles/example/facts.yaml'\n"
        f"'{sys.executable}' -m kgpub build -w '{built}' 2>> '{told}'\n"
        f"echo \"exit code $?\" >> '{told}'\n"
        f'exec {real} "$@"\n'
    )
    (programs / "ssh-keygen").chmod(0o700)
    before = (built / "output/dataset.nq").read_bytes()
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = kgpub(*COMMAND, "--key", str(key), cwd=built, PATH=path)
    assert done.returncode == 0, done.stderr
    assert told.read_text().count("another kgpub is building or releasing this workspace") == 1
    assert told.read_text().count("exit code 2") == 1
    assert (built / "releases/1/dataset.nq").read_bytes() == before
    assert (built / "releases/1/SHA256SUMS.sig").exists()
    assert kgpub("build", cwd=built).returncode == 0
    assert (built / "output/dataset.nq").read_bytes() != before
