"""A release is the same bytes wherever it is made, and there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY

from kgpub.errors import OutputError
from kgpub.release.asked import Asked
from kgpub.release.distribution import Content
from kgpub.release.making import Made, make
from kgpub.release.writing import write
from kgpub.settings import read_settings

DATE = "2026-11-24"
_MAKE = """
import sys
from pathlib import Path
from kgpub.release.asked import Asked
from kgpub.release.making import make
from kgpub.settings import read_settings
root = Path(sys.argv[1])
print("ready", flush=True)
make(root, read_settings(root), root / "releases", Asked(date=sys.argv[2], force=True))
"""


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def release(root: Path) -> Made:
    return make(root, read_settings(root), root / "releases", Asked(date=DATE, force=True))


def require_whole(folder: Path) -> None:
    subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True
    )
    listed = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert listed | {"SHA256SUMS"} == content(folder).keys()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="no time zones of a process's own")
def test_the_same_bytes_in_other_surroundings(tmp_path: Path) -> None:
    """Zone, locale, hash seed, encoding, umask, threads and the order of files differ."""
    folders = [tmp_path / "one", tmp_path / "a folder with ünïcode"]
    surroundings = [
        {"TZ": "Asia/Baghdad", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "77", "PYTHONUTF8": "0"},
    ]
    for number, (root, around) in enumerate(zip(folders, surroundings, strict=True)):
        root.mkdir()
        files = sorted(path for path in (REPOSITORY / "articles").rglob("*") if path.is_file())
        for path in reversed(files) if number else files:
            target = root / path.relative_to(REPOSITORY)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        shutil.copy(REPOSITORY / "kgpub.toml", root)
        command = [sys.executable, "-m", "kgpub", "release"]
        if number and shutil.which("taskset"):
            command = ["taskset", "--cpu-list", "0", *command]
        done = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, **around},
            umask=0o077 if number else 0o022,
            check=False,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr.decode()
    one, other = (content(root / "releases/1") for root in folders)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_what_is_killed_leaves_whole_releases_only(built: Path) -> None:
    release(built)
    first = content(built / "releases/1")
    drawn = random.Random(20261130)
    killed = made = 0
    started = time.monotonic()
    release(built)
    long = time.monotonic() - started
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", _MAKE, str(built), DATE], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(drawn.uniform(0, 1.2 * long))
            process.send_signal(signal.SIGKILL)
            process.wait()
        killed += process.returncode == -signal.SIGKILL
        for path in (built / "releases").iterdir():
            if not path.name.startswith(".kgpub-"):
                require_whole(path)
                made += 1
    assert killed > 3
    assert content(built / "releases/1") == first
    last = release(built)  # what was left behind is in nobody's way
    require_whole(last.folder)
    assert not (built / "releases/.kgpub-new").exists()


@pytest.mark.parametrize("limit", [0, 1, 4096, 20_000, 60_000])
def test_a_full_disk_leaves_what_was_there(built: Path, limit: int) -> None:
    """A limit to the size of files stands for it: writing fails in the middle of one."""
    release(built)
    before = content(built / "releases")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(OutputError, match=r"cannot be written: File too large[\s\S]*unchanged"):
            release(built)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert content(built / "releases") == before
    assert release(built).record.version == "2"


@pytest.mark.parametrize("name", ["dataset.ttl", "dataset.nq", "ontology/kgpub.ttl"])
def test_an_output_that_was_changed_is_not_released(built: Path, name: str) -> None:
    path = built / "output" / name
    path.write_bytes(path.read_bytes() + b"# more\n")
    with pytest.raises(OutputError, match=rf"{name}: is not as it was built"):
        release(built)
    assert not (built / "releases/1").exists()


@pytest.mark.parametrize("name", ["SHA256SUMS", "dataset.nq", "report.txt"])
def test_an_output_that_lacks_something_is_not_released(built: Path, name: str) -> None:
    (built / "output" / name).unlink()
    with pytest.raises(OutputError, match=r"nothing is built there|is no file of the output"):
        release(built)
    assert not (built / "releases/1").exists()


def test_nothing_of_others_is_removed(built: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine")
    (built / "releases").mkdir()
    (built / "releases/.kgpub-new").symlink_to(mine)
    with pytest.raises(OutputError, match="kgpub writes here, and did not make it"):
        release(built)
    assert (mine / "letter.txt").read_text() == "mine"
    (built / "releases/.kgpub-new").unlink()
    (built / "releases/.kgpub-new").mkdir()
    (built / "releases/.kgpub-new/letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="kgpub writes here, and did not make it"):
        release(built)
    (built / "releases/.kgpub-new").rename(tmp_path / "kept")
    assert (tmp_path / "kept/letter.txt").read_text() == "mine"
    (built / "releases/index.html").write_text("mine too")
    (built / "releases/2026.txt").write_text("mine too")
    release(built)
    assert (built / "releases/2026.txt").read_text() == "mine too"


def test_only_one_makes_releases_in_a_folder_at_a_time(built: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(built, tmp_path / "other"))
    refused = []

    def second(stage: str) -> None:
        if stage == "data":
            with pytest.raises(OutputError, match="another kgpub is making a release") as raised:
                make(other, read_settings(other), built / "releases", Asked(date=DATE))
            refused.append(raised.value)

    make(built, read_settings(built), built / "releases", Asked(date=DATE), second)
    assert refused
    require_whole(built / "releases/1")
    made = make(other, read_settings(other), built / "releases", Asked(date=DATE, force=True))
    assert made.record.version == "2"


@pytest.mark.parametrize("name", ["../secret", "ontology/../../secret", "{absolute}"])
def test_no_file_beside_the_output_is_released(built: Path, name: str) -> None:
    secret = built / "secret"
    secret.write_text("mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    with (built / "output/SHA256SUMS").open("a") as stream:
        stream.write(f"{digest}  {name.format(absolute=secret)}\n")
    with pytest.raises(OutputError, match="is no file of the output"):
        release(built)
    assert not (built / "releases/1").exists()


def test_what_cannot_be_read_is_not_told_as_written(built: Path) -> None:
    path = built / "output/report.txt"

    def gone(stage: str) -> None:
        if stage == "data":
            path.unlink()

    with pytest.raises(OutputError, match=r"output/report\.txt: cannot be read") as raised:
        make(built, read_settings(built), built / "releases", Asked(date=DATE), gone)
    assert "kgpub build --fresh" in raised.value.remedy
    assert list((built / "releases").glob("[!.]*")) == []
    assert not (built / "releases/.kgpub-new").exists()


def test_what_waits_to_be_compressed_does_not_hold_up_an_end(tmp_path: Path) -> None:
    """One thread, in which one file is in work when the end comes: the others are never begun."""
    block = os.urandom(1 << 20)

    def contents() -> Iterator[Content]:
        for number in range(4):
            yield Content(f"{number}", "", "text/plain", lambda: [block] * 8, compressed=True)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, contents(), 1)
    packed = [path for path in tmp_path.iterdir() if path.suffix]
    assert len(packed) < 8
