"""The audit log: each line whole, and nothing in it that begins another or drives a terminal."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgpub.errors import StoreError
from kgpub.submissions.audit import FILE, Audit

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def audit(folder: Path) -> Audit:
    return Audit(folder, lambda: NOW)


def lines(folder: Path) -> list[bytes]:
    return (folder / FILE).read_bytes().splitlines(keepends=True)


def test_a_line_tells_when_what_and_who(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        audit(tmp_path / "state").note("sign-in", {"account": "user/ليلى", "by": "", "n": 3})
    finally:
        os.umask(before)
    [line] = lines(tmp_path / "state")
    assert line == (
        b'{"at":"2026-11-30T12:00:00.000+00:00","event":"sign-in",'
        b'"account":"user/\\u0644\\u064a\\u0644\\u0649","n":3}\n'
    )
    assert stat.S_IMODE((tmp_path / "state" / FILE).stat().st_mode) == 0o600


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.text(max_size=2_000)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_told_is_one_line_that_is_written_at_once(
    tmp_path: Path, values: Mapping[str, str]
) -> None:
    path = tmp_path / FILE
    path.unlink(missing_ok=True)
    audit(tmp_path).note("x", values)
    content = path.read_bytes()
    assert content.count(b"\n") == 1 and content.endswith(b"\n")
    assert len(content) <= 4_096
    assert all(32 <= each < 127 for each in content[:-1])
    told = json.loads(content)
    for key, value in values.items():
        shown = told.get(key, "")
        assert shown == value or (shown.endswith("…") and value.startswith(shown[:-1]))


def test_lines_of_processes_at_the_same_time_stay_whole(tmp_path: Path) -> None:
    program = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from kgpub.submissions.audit import Audit
audit = Audit(Path(sys.argv[1]), lambda: datetime.now(UTC))
for number in range(100):
    audit.note("x", {"process": sys.argv[2], "number": number, "text": sys.argv[2] * 300})
"""
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name]) for name in "abc"
    ]
    assert [each.wait(60) for each in running] == [0, 0, 0]
    told = [json.loads(line) for line in lines(tmp_path)]
    for name in "abc":
        of_it = [each for each in told if each["process"] == name]
        assert [each["number"] for each in of_it] == list(range(100))
        assert {each["text"] for each in of_it} == {name * 300}


def test_a_line_of_which_a_part_was_written_is_ended_before_the_next(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"at":"20')
    audit(tmp_path).note("x", {})
    first, second = lines(tmp_path)
    assert first == b'{"at":"20\n'
    assert json.loads(second)["event"] == "x"


def test_a_full_disk_is_told() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full")
    from kgpub.submissions import audit as module

    descriptor = os.open(full, os.O_RDWR)
    try:
        with pytest.raises(OSError, match="No space left"):
            module._write(descriptor, b"x\n")
    finally:
        os.close(descriptor)


def test_a_file_that_leads_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    (tmp_path / FILE).symlink_to(tmp_path / "other")
    with pytest.raises(StoreError, match="cannot be written"):
        audit(tmp_path).note("x", {})
    assert (tmp_path / "other").read_bytes() == b""


def test_whoever_moves_it_away_gets_a_new_one(tmp_path: Path) -> None:
    found = audit(tmp_path)
    found.note("one", {})
    (tmp_path / FILE).rename(tmp_path / "audit.log.1")
    found.note("two", {})
    assert b"two" in lines(tmp_path)[0]
