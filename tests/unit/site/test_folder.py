"""The folder of a site: what is written, what stays, and what is never touched."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kgpub.errors import OutputError
from kgpub.site.folder import NEW, Changes, SiteFolder
from kgpub.site.record import Record
from kgpub.site.staging import Made, Staging

PAGES = {"index.html": b"home", "data/person/x.en.html": b"x", "data/person/y.en.html": b"y"}


def making(files: Mapping[str, bytes]) -> Callable[[Mapping[str, str], Staging], list[Made]]:
    def make(known: Mapping[str, str], staging: Staging) -> list[Made]:
        return [staging.put(path, [text], known.get(path, "")) for path, text in files.items()]

    return make


def opened(root: Path) -> SiteFolder:
    return SiteFolder(root / "site", root / "state" / "record")


def write(root: Path, files: Mapping[str, bytes], key: str = "key") -> Changes:
    return opened(root).write(key, making(files))


def content(root: Path) -> dict[str, bytes]:
    site = root / "site"
    found = {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    found.pop("SHA256SUMS", None)
    return found


def failing(files: Mapping[str, bytes]) -> Callable[[Mapping[str, str], Staging], list[Made]]:
    def make(known: Mapping[str, str], staging: Staging) -> list[Made]:
        made = making(files)(known, staging)
        raise OSError(28, "No space left on device", str(made[0].path))

    return make


def test_the_files_are_there_and_their_checksums_are_right(tmp_path: Path) -> None:
    assert write(tmp_path, PAGES) == Changes(4, 4, 0)
    assert content(tmp_path) == PAGES
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path / "site")
    assert done.returncode == 0
    assert opened(tmp_path).is_current("key") and not opened(tmp_path).is_current("other")


def test_only_what_differs_is_written_and_what_vanished_is_removed(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    kept = (tmp_path / "site/index.html").stat()
    changed = {"index.html": b"home", "data/person/x.en.html": b"new"}
    assert write(tmp_path, changed) == Changes(3, 2, 1)
    assert content(tmp_path) == changed
    after = (tmp_path / "site/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)
    assert write(tmp_path, {"index.html": b"home"}) == Changes(2, 1, 1)
    assert not (tmp_path / "site/data").exists(), "empty folders are removed"


def test_a_large_file_that_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    large = {"large": os.urandom(3 * 2**20)}
    write(tmp_path, large)
    kept = (tmp_path / "site/large").stat().st_ino
    assert write(tmp_path, large, "other").written == 0
    assert (tmp_path / "site/large").stat().st_ino == kept and content(tmp_path) == large


@pytest.mark.parametrize("change", ["text", "removed", "same length"])
def test_a_file_of_it_that_was_changed_is_written_again(tmp_path: Path, change: str) -> None:
    write(tmp_path, PAGES)
    page = tmp_path / "site/index.html"
    page.unlink()
    if change != "removed":
        page.write_bytes(b"changed" if change == "text" else b"emoh")
    assert not opened(tmp_path).is_current("key")
    assert write(tmp_path, PAGES).written == 1
    assert content(tmp_path) == PAGES


@pytest.mark.parametrize("name", ["notes.txt", "index.html", "data/person/x.en.html"])
def test_a_folder_of_somebody_elses_is_refused(tmp_path: Path, name: str) -> None:
    foreign = tmp_path / "site" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"mine")
    with pytest.raises(OutputError, match="holds files that kgpub did not write"):
        write(tmp_path, PAGES)
    assert content(tmp_path) == {name: b"mine"}


def test_a_repository_and_a_domain_may_be_there_and_stay(tmp_path: Path) -> None:
    (tmp_path / "site/.git").mkdir(parents=True)
    mine = {".git/HEAD": b"ref", "CNAME": b"example.org"}
    for name, text in mine.items():
        (tmp_path / "site" / name).write_bytes(text)
    write(tmp_path, PAGES)
    (tmp_path / "site/later.txt").write_bytes(b"later")
    write(tmp_path, {"index.html": b"home"}, "other")
    assert content(tmp_path) == {**mine, "later.txt": b"later", "index.html": b"home"}


def test_nothing_is_written_over_what_somebody_put_there_later(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": b"home"})
    (tmp_path / "site/query.html").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"query\.html: .*did not write it"):
        write(tmp_path, {"index.html": b"new", "query.html": b"kgpub's"})
    assert content(tmp_path) == {"index.html": b"home", "query.html": b"mine"}
    # What is the same byte for byte is nobody's loss.
    write(tmp_path, {"index.html": b"new", "query.html": b"mine"})
    assert content(tmp_path) == {"index.html": b"new", "query.html": b"mine"}


def test_a_first_run_that_failed_makes_nothing_its_own(tmp_path: Path) -> None:
    (tmp_path / "site").write_bytes(b"")
    folder = SiteFolder(tmp_path / "site/below", tmp_path / "state/record")
    with pytest.raises(OutputError, match="cannot be written"):
        folder.write("one", making(PAGES))
    (tmp_path / "site").unlink()
    (tmp_path / "site/below").mkdir(parents=True)
    (tmp_path / "site/below/notes.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match="holds files that kgpub did not write"):
        SiteFolder(folder.path, tmp_path / "state/record").write("one", making(PAGES))
    assert content(tmp_path) == {"below/notes.txt": b"mine"}


def test_another_folder_in_its_place_is_not_taken_for_it(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    (tmp_path / "site").rename(tmp_path / "elsewhere")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_bytes(b"mine")
    with pytest.raises(OutputError, match="did not write it"):
        write(tmp_path, {**PAGES, "index.html": b"new"}, "other")
    assert content(tmp_path) == {"index.html": b"mine"}


@pytest.mark.parametrize("place", ["site", "site/data", "site/data/person"])
def test_links_are_not_followed(tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "person").mkdir(parents=True)
    (elsewhere / "x.en.html").write_bytes(b"mine")
    write(tmp_path, PAGES)
    link = tmp_path / place
    link.rename(tmp_path / "moved")
    link.symlink_to(elsewhere)
    with pytest.raises(OutputError, match="is no folder"):
        write(tmp_path, {"data/person/x.en.html": b"new"}, "other")
    found = {path.name for path in elsewhere.rglob("*") if path.is_file()}
    assert found == {"x.en.html"} and (elsewhere / "x.en.html").read_bytes() == b"mine"


def test_a_link_or_a_folder_in_the_place_of_a_file_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": b"home"})
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "site/a.html").symlink_to(tmp_path / "secret")
    with pytest.raises(OutputError, match="did not write it"):
        write(tmp_path, {"a.html": b"secret"}, "other")
    (tmp_path / "site/a.html").unlink()
    (tmp_path / "site/a.html").mkdir()
    with pytest.raises(OutputError, match="did not write it"):
        write(tmp_path, {"a.html": b"a"}, "other")
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_what_fails_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    with pytest.raises(OutputError, match="The site is as it was"):
        opened(tmp_path).write("other", failing({"index.html": b"new"}))
    assert content(tmp_path) == PAGES
    assert not (tmp_path / "site" / NEW).exists()
    assert write(tmp_path, PAGES, "other").written == 0


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    noted = Record.read(tmp_path / "state/record")
    assert noted is not None
    Record("", noted.sums, noted.entries).write(tmp_path / "state/record")
    (tmp_path / "site" / NEW).mkdir()
    (tmp_path / "site" / NEW / "1-1").write_bytes(b"half")
    write(tmp_path, {**PAGES, "new.html": b"new"}, "other")
    assert content(tmp_path) == {**PAGES, "new.html": b"new"}


def test_a_folder_of_its_name_that_it_did_not_make_is_refused(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    (tmp_path / "site" / NEW).mkdir()
    (tmp_path / "site" / NEW / "mine").write_bytes(b"mine")
    with pytest.raises(OutputError, match="did not make it"):
        write(tmp_path, PAGES, "other")
    assert (tmp_path / "site" / NEW / "mine").read_bytes() == b"mine"


@pytest.mark.parametrize("renamed", range(4))
def test_what_was_killed_between_two_files_goes_on(tmp_path: Path, renamed: int) -> None:
    """As after a kill: some files in their places, and a note that it has not come to its end."""
    write(tmp_path, PAGES)
    new = {"index.html": b"new", "data/person/x.en.html": b"newer", "data/other/z.html": b"z"}
    noted = Record.read(tmp_path / "state/record")
    assert noted is not None
    sizes = {name: (hashlib.sha256(text).hexdigest(), len(text)) for name, text in new.items()}
    entry = type(next(iter(noted.entries.values())))
    planned = {name: entry(digest, size, 0) for name, (digest, size) in sizes.items()}
    Record("", noted.sums, {**noted.entries, **planned}).write(tmp_path / "state/record")
    for name, text in list(new.items())[:renamed]:
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_bytes(text)
    changes = write(tmp_path, new, "new")
    assert content(tmp_path) == new
    assert changes == Changes(4, 4 - renamed, 1)
