from __future__ import annotations

from pathlib import Path

import pytest

from kgpub.site.record import Entry, Record

RECORD = Record(
    "key",
    "sums",
    {"data/a b\u2028c.html": Entry("0" * 64, 12, 34), "é😀.ttl": Entry("f" * 64, 0, 0)},
)


@pytest.mark.parametrize("record", [RECORD, Record(), Record("", "sums"), Record("key", "sums")])
def test_what_is_noted_is_read_again(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "state" / "record"
    record.write(path)
    assert Record.read(path) == record
    assert [each.name for each in path.parent.iterdir()] == ["record"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"another-form 1 2\n",
        b"kgpub-site-1 key\n",
        b"kgpub-site-1 key sums\nno entry\n",
        b"kgpub-site-1 key sums\nabc x 3 name\n",
        b"\xff\xfe",
    ],
)
def test_what_is_damaged_is_as_if_there_was_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "record").write_bytes(content)
    assert Record.read(tmp_path / "record") is None


def test_what_is_missing_or_a_link_is_nothing(tmp_path: Path) -> None:
    assert Record.read(tmp_path / "record") is None
    RECORD.write(tmp_path / "other")
    (tmp_path / "record").symlink_to(tmp_path / "other")
    assert Record.read(tmp_path / "record") is None
