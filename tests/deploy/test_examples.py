"""The image and the service of systemd: as far as they can be tried without either."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY
from tests.service.served import running

from kgpub.service.application import application
from kgpub.service.operations.figures import PoolFigures
from kgpub.service.operations.health import health_routes
from kgpub.settings import variables

DEPLOY = REPOSITORY / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "kgpub.service").read_text(encoding="utf-8")


def copied() -> list[str]:
    """Return what the first stage of the image copies of the repository."""
    lines = re.findall(r"^COPY (?!--from)(.+) (\S+)$", DOCKERFILE, re.MULTILINE)
    return [name for names, _ in lines for name in names.split()]


def wheel_of(folder: Path, target: Path) -> set[str]:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    done = subprocess.run(
        [*command, target, folder], capture_output=True, text=True, check=False, cwd=target.parent
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = target.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.xdist_group("wheel")
def test_the_image_gets_all_that_a_wheel_is_made_of(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    ignored = shutil.ignore_patterns("__pycache__")
    for name in copied():
        path = REPOSITORY / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=ignored)
        else:
            shutil.copy(path, source / name)
    made = wheel_of(source, tmp_path / "made")
    wanted = wheel_of(REPOSITORY, tmp_path / "wanted")
    assert {name for name in wanted ^ made if "__pycache__" not in name} == set()


def test_what_is_copied_is_sent_to_the_build() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines  # all else stays out, such as tokens and stores
    assert {line[1:] for line in lines if line.startswith("!")} == set(copied())


@pytest.mark.parametrize("workers", [2, 0])
def test_the_health_check_tells_whether_the_server_is_ready(workers: int) -> None:
    match = re.search(r"^\s+CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert match is not None
    program, *arguments = json.loads(match[1])
    assert program == "python"
    figures = PoolFigures("b", workers)
    with running(application(health_routes(lambda: figures))) as origin:
        environment = {**os.environ, "KGPUB_SERVE_PORT": origin.rpartition(":")[2]}
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, check=False
        )
    assert (done.returncode == 0) == (workers > 0)


def test_the_variables_of_the_image_are_settings() -> None:
    set_ = re.findall(r"(KGPUB_\w+)=", DOCKERFILE)
    assert set_
    assert set(set_) <= set(variables())


def test_the_image_runs_as_nobody_of_note() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        ["hadolint", DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not installed"
)


@systemd
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT, flags=re.MULTILINE)
    # There is no user kgpub where this runs; that one exists is not what is looked at.
    text = re.sub(r"^(User|Group)=kgpub$", r"\1=daemon", text, flags=re.MULTILINE)
    path = tmp_path / "kgpub.service"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    exposed = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", path]
    done = subprocess.run(exposed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@systemd
def test_workers_may_leave_the_network_under_the_unit() -> None:
    assert "RestrictNamespaces=user net\n" in UNIT
    (filtered,) = re.findall(r"^SystemCallFilter=(.+)$", UNIT, re.MULTILINE)
    allowed: set[str] = set()
    waiting = filtered.split()
    while waiting:
        name = waiting.pop()
        if not name.startswith("@"):
            allowed.add(name)
            continue
        told = subprocess.run(
            ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
        ).stdout
        waiting += [line.strip() for line in told.splitlines()[1:] if "#" not in line]
    # What a worker and the server that watches it call: kgpub.service.sparql.
    assert {"unshare", "setpriority", "prlimit64", "setrlimit", "kill", "socketpair"} <= allowed
