from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from kgpub.documents.dumps import downloads_of, sums_in

FILES = {"dataset.nq": b"nq", "dataset.ttl": b"turtle", "mine.txt": b"mine"}


def output(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).write_bytes(text)
    listed = subprocess.run(["sha256sum", *FILES], cwd=folder, capture_output=True, check=True)
    (folder / "SHA256SUMS").write_bytes(listed.stdout)
    return folder


def test_the_list_of_checksums_is_read_as_sha256sum_writes_it(tmp_path: Path) -> None:
    expected = {name: hashlib.sha256(text).hexdigest() for name, text in FILES.items()}
    assert sums_in(output(tmp_path)) == expected


def test_only_dumps_are_offered_each_with_size_and_checksum(tmp_path: Path) -> None:
    told = {each.name: each for each in downloads_of(output(tmp_path))}
    assert told.keys() == {"dataset.nq", "dataset.ttl", "SHA256SUMS"}
    assert told["dataset.ttl"].address == "dumps/dataset.ttl"
    assert told["dataset.ttl"].size == 6
    assert told["dataset.ttl"].checksum == hashlib.sha256(b"turtle").hexdigest()
    assert told["SHA256SUMS"].checksum == ""


def test_without_a_list_files_have_no_checksum(tmp_path: Path) -> None:
    (output(tmp_path) / "SHA256SUMS").unlink()
    assert [each.checksum for each in downloads_of(tmp_path)] == ["", ""]
    (tmp_path / "SHA256SUMS").write_bytes(b"\xff\xfe")
    assert sums_in(tmp_path) == {}
    assert sums_in(tmp_path / "nowhere") == {}


def test_links_are_not_offered(tmp_path: Path) -> None:
    output(tmp_path)
    (tmp_path / "report.txt").symlink_to("/etc/hostname")
    assert "report.txt" not in {each.name for each in downloads_of(tmp_path)}
