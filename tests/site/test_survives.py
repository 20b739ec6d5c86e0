"""A site while it is written again and again, by processes that are killed or find no room."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.site.sites import content, of_odd_quads, written

from kgpub import Workspace
from kgpub.errors import OutputError
from kgpub.site.folder import NEW
from kgpub.vocabulary import DCAT, RDF
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
PEOPLE = 40
_MAKE = """
import sys
from kgpub import Workspace
from kgpub.site.making import Asked, make
place = Workspace(sys.argv[1])
print("ready", flush=True)
make(place, Asked())
"""


def build(root: Path, number: int) -> Workspace:
    """A build in which each page of a person tells the number of the build, at both of its ends."""
    graph = NamedNode(f"{BASE}submission/one")
    dataset = NamedNode(f"{BASE}dataset")
    quads = [Quad(dataset, NamedNode(RDF + "type"), NamedNode(DCAT + "Dataset"), graph)]
    for each in range(PEOPLE):
        person = NamedNode(f"{BASE}person/p{each}")
        quads += [
            Quad(person, NamedNode(RDF + "type"), NamedNode(kg.Person), graph),
            Quad(person, NamedNode(kg.name), Literal(f"version {number}", language="en"), graph),
        ]
    return of_odd_quads(root, BASE, quads)


def told(site: Path) -> set[str]:
    """The versions that pages of persons tell. Each page is whole, and of one version."""
    versions = set()
    for path in (site / "data/person").glob("p*.en.html"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n"), path
        [version] = set(re.findall(r"version (\d+)", text))
        versions.add(version)
    return versions


def test_readers_see_whole_pages_and_the_entrance_is_always_there(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    written(build(root, 0))
    site, done = root / "site", threading.Event()
    seen: set[str] = set()
    faults: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                seen.update(told(site))
                assert (site / "index.html").is_file()
        except BaseException as error:  # noqa: BLE001
            faults.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(1, 5):
            written(build(root, number))
    finally:
        done.set()
        reader.join()
    assert faults == [] and told(site) == {"4"} and len(seen) > 1


def test_a_killed_run_leaves_whole_pages_and_the_next_one_goes_on(tmp_path: Path) -> None:
    root, drawn, killed = tmp_path / "workspace", random.Random(7), 0
    started = time.monotonic()
    written(build(root, 0))
    long = time.monotonic() - started
    site = root / "site"
    for number in range(1, 10):
        build(root, number)
        with subprocess.Popen(
            [sys.executable, "-c", _MAKE, str(root)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            time.sleep(drawn.uniform(0, 1.2 * long))
            process.send_signal(signal.SIGKILL)
            process.wait()
        killed += process.returncode == -signal.SIGKILL
        assert len(list((site / "data/person").glob("p*.en.html"))) == PEOPLE
        assert told(site)
    assert killed > 3
    written(build(root, 10))
    assert told(site) == {"10"} and not (site / NEW).exists()
    # What was interrupted so often is what a site from nothing is.
    shutil.rmtree(tmp_path / "workspace/.kgpub/site")
    site.rename(tmp_path / "kept")
    written(Workspace(root))
    assert content(tmp_path / "kept") == content(site)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_outlives_the_one_that_is_ended(tmp_path: Path, ending: signal.Signals) -> None:
    root = tmp_path / "workspace"
    build(root, 0)
    many = "import kgpub.site.rendering as r; r._WORTH = r._BATCH = 1; r._processors = lambda: 3"
    with subprocess.Popen(
        [sys.executable, "-c", f"{many}\n{_MAKE}", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Started by a shell in the background, tests are given SIGINT as ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        until = time.monotonic() + 60
        while not list((root / "site").glob(f"{NEW}/*-5")) and time.monotonic() < until:
            time.sleep(0.01)
        assert not (root / "site/index.html").exists()
        process.send_signal(ending)
        process.wait(60)
    assert process.returncode != 0
    while _is_running(process.pid) and time.monotonic() < until + 60:
        time.sleep(0.05)
    assert not _is_running(process.pid)
    written(Workspace(root))
    assert told(root / "site") == {"0"}


def _is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("limit", [0, 1, 4096, 20_000])
def test_where_writing_fails_the_site_is_as_it_was(tmp_path: Path, limit: int) -> None:
    """A limit to the size of files stands for a full disk: writing fails in the middle of one."""
    root = tmp_path / "workspace"
    written(build(root, 0))
    before = content(root / "site")
    build(root, 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(OutputError, match=r"cannot be written|cannot be made"):
            written(Workspace(root))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert content(root / "site") == before
    written(Workspace(root))
    assert told(root / "site") == {"1"}


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="mounts a small disk")
def test_a_full_file_system_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    disk, root = tmp_path / "disk", tmp_path / "workspace"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this system does not let a test mount a file system")
    try:
        # The root of a disk is as good a place as a folder.
        made = [sys.executable, "-m", "kgpub", "site", "-w", str(root), "--to", str(disk)]
        command = ["init", str(root), "--base", BASE]
        subprocess.run([sys.executable, "-m", "kgpub", *command], check=True, capture_output=True)
        subprocess.run(made, check=True, capture_output=True)
        before = content(disk)
        facts = root / "articles/example/facts.yaml"
        facts.write_text(facts.read_text().replace("salim-omar", "salem-omar"))
        (disk / "filler").write_bytes(b"\0" * (shutil.disk_usage(disk).free - 60_000))
        failed = subprocess.run(made, capture_output=True, text=True)
        assert failed.returncode == 2 and "The site is as it was. Make room" in failed.stderr
        (disk / "filler").unlink()
        assert content(disk) == before
        subprocess.run(made, check=True, capture_output=True)
        assert [path for path in content(disk) if "/salem-omar" in path]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_where_nothing_may_be_written_it_is_told(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    build(root, 0)
    (root / "site").write_text("mine")
    with pytest.raises(OutputError, match="is no folder"):
        written(Workspace(root))
    assert (root / "site").read_text() == "mine"
