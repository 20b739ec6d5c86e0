"""Which releases a folder has, and what of their files is listed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from kgpub.documents.releases import (
    document_of,
    files_of,
    release_of,
    released,
    search_engines_of,
    type_of,
)
from kgpub.pages.releases import Released
from kgpub.pages.rendering import Site

SITE = Site("https://example.org/a b/", "T", "P", "https://example.org/licence")


def write(folder: Path, version: str, previous: str = "", **other: object) -> Path:
    place = folder / version
    place.mkdir(parents=True)
    record = {"version": version, "previous": previous, "issued": "2026-11-24", **other}
    (place / "release.json").write_text(json.dumps(record), encoding="utf-8")
    return place


def test_the_newest_comes_first_and_candidates_before_what_they_are_for(tmp_path: Path) -> None:
    for version, previous in (("9", ""), ("10", "9"), ("10.1-rc1", "10"), ("10.1", "10.1-rc1")):
        write(tmp_path, version, previous)
    assert released(tmp_path) == [
        Released("10.1", "2026-11-24", "10.1-rc1"),
        Released("10.1-rc1", "2026-11-24", "10"),
        Released("10", "2026-11-24", "9"),
        Released("9", "2026-11-24"),
    ]


@pytest.mark.parametrize(
    "content",
    ["", "[]", "[" * 100_000, '{"version": "2"}', '{"version": 1}', "\udcff"],
)
def test_what_is_no_release_is_left_out(tmp_path: Path, content: str) -> None:
    place = write(tmp_path, "1")
    (place / "release.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    (tmp_path / ".kgpub-new").mkdir()
    (tmp_path / "2").mkdir()
    (tmp_path / "3").write_text("no folder", encoding="utf-8")
    assert released(tmp_path) == []


@pytest.mark.parametrize("issued", ["yesterday", None, 7, "2026-11-24<script>"])
def test_a_date_that_is_none_makes_it_no_release(tmp_path: Path, issued: object) -> None:
    write(tmp_path, "1", issued=issued)
    assert released(tmp_path) == []


@pytest.mark.parametrize("version", ["..", "../1", "", "1/", "x", "1\x00"])
def test_a_version_that_is_none_leads_nowhere(tmp_path: Path, version: str) -> None:
    write(tmp_path, "1")
    assert release_of(tmp_path / "none", "1") is None
    assert release_of(tmp_path, version) is None


def test_files_are_listed_with_their_checksums_but_for_those_in_large_folders(
    tmp_path: Path,
) -> None:
    place = write(tmp_path, "1.0")
    contents = {
        "README": b"f",
        "dataset.nq": b"a" * 2000,
        "tables/people é.csv": b"b",
        "graphs/submission/x.trig": b"c",
        "ontology/kgpub.ttl": b"d",
        "vocabularies/popolo/areas.rq": b"e",
    }
    lines = []
    for name, content in contents.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    lines.append(f"{'0' * 64}  gone.txt\n")
    (place / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    files = files_of(tmp_path, "1.0", SITE)
    assert [(each.address, each.name, each.size) for each in files] == [
        ("a%20b/release/1.0/dataset.nq", "dataset.nq", 2000),
        ("a%20b/release/1.0/README", "README", 1),
        ("a%20b/release/1.0/tables/people%20%C3%A9.csv", "tables/people é.csv", 1),
        ("a%20b/release/1.0/SHA256SUMS", "SHA256SUMS", len("".join(lines).encode())),
    ]
    assert files[0].checksum == hashlib.sha256(b"a" * 2000).hexdigest()
    assert files[3].checksum == ""


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("dataset.nq", "application/n-quads"),
        ("dataset.nq.gz", "application/gzip"),
        ("tables/people.csv", "text/csv; charset=utf-8"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
        ("page.html", "application/octet-stream"),
        ("x.svg", "application/octet-stream"),
    ],
)
def test_nothing_is_sent_as_a_page(name: str, media_type: str) -> None:
    assert type_of(name) == media_type


def test_a_release_is_described_as_data_by_its_catalogue() -> None:
    assert document_of(".ttl") == "catalogue.ttl"
    assert document_of(".jsonld") == "catalogue.jsonld"
    assert document_of(".nt") is None


@pytest.mark.parametrize(
    ("content", "told"),
    [(b'{"a": 1}', '{"a": 1}'), (b"\xff", ""), (b" " * 300_000, ""), (None, "")],
)
def test_what_search_engines_are_told_is_bounded(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    place = write(tmp_path, "1")
    if content is not None:
        (place / "schema-org.jsonld").write_bytes(content)
    assert search_engines_of(tmp_path, "1") == told
