"""Files as they really are on a disk: too large, elsewhere, no files at all, not UTF-8."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.sources.files import MAX_SUBMISSION_BYTES, checksum, decode, read_bytes, relative

from .trees import problem, told

needs_symlinks = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX file system")


def _file(folder: Path, content: bytes = b"x") -> Path:
    path = folder / "facts.yaml"
    path.write_bytes(content)
    return path


def _told(path: Path, root: Path, limit: int = 1000) -> str:
    only = problem(read_bytes, path, root, limit)
    assert only.place.file == relative(path, root)
    return f"{only.message} {only.remedy}"


def test_a_file_is_its_bytes(tmp_path: Path) -> None:
    content = "\ufeffكلمة\r\n".encode()
    assert read_bytes(_file(tmp_path, content), tmp_path, 1000) == content


def test_a_file_may_have_as_many_bytes_as_the_limit_and_no_more(tmp_path: Path) -> None:
    assert read_bytes(_file(tmp_path, b"x" * 1000), tmp_path, 1000) == b"x" * 1000
    assert "has 1,001 bytes; at most 1,000 are read" in _told(
        _file(tmp_path, b"x" * 1001), tmp_path
    )


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = _file(tmp_path)
    os.truncate(path, 100 * 1024 * 1024)
    began = time.process_time()
    message = _told(path, tmp_path, MAX_SUBMISSION_BYTES)
    assert message.startswith("has 104,857,600 bytes; at most 16,777,216 are read Split it")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("content", [b"", b" ", b"\n\n\t \r\n"])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    assert _told(_file(tmp_path, content), tmp_path).startswith("the file is empty")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert _told(tmp_path / "gone.yaml", tmp_path) == "cannot be read: No such file or directory "


def test_a_folder_instead_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").mkdir()
    assert _told(tmp_path / "facts.yaml", tmp_path) == "is no regular file Remove it."


@needs_symlinks
def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "facts.yaml")
    assert _told(tmp_path / "facts.yaml", tmp_path) == "is no regular file Remove it."


@needs_symlinks
def test_a_device_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").symlink_to("/dev/zero")
    assert "leads out of the workspace" in _told(tmp_path / "facts.yaml", tmp_path)


@needs_symlinks
@pytest.mark.parametrize("target", ["../outside/secret", "/etc/passwd", "inside/../../outside"])
def test_a_link_out_of_the_workspace_is_told(tmp_path: Path, target: str) -> None:
    root = tmp_path / "workspace"
    (root / "inside").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("x")
    (root / "facts.yaml").symlink_to(target)
    message = _told(root / "facts.yaml", root)
    assert message == "leads out of the workspace by a symbolic link Copy the file."


@needs_symlinks
def test_a_folder_linked_from_elsewhere_is_told(tmp_path: Path) -> None:
    root, outside = tmp_path / "workspace", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    _file(outside)
    (root / "articles").symlink_to(outside)
    assert "leads out of the workspace" in _told(root / "articles" / "facts.yaml", root)


@needs_symlinks
def test_a_link_inside_the_workspace_is_followed(tmp_path: Path) -> None:
    _file(tmp_path, b"content")
    (tmp_path / "again.yaml").symlink_to("facts.yaml")
    assert read_bytes(tmp_path / "again.yaml", tmp_path, 100) == b"content"


@needs_symlinks
def test_a_workspace_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    _file(tmp_path / "real", b"content")
    (tmp_path / "link").symlink_to("real")
    assert read_bytes(tmp_path / "link" / "facts.yaml", tmp_path / "link", 100) == b"content"


@needs_symlinks
def test_a_link_to_itself_or_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    (tmp_path / "c.yaml").symlink_to("gone")
    assert _told(tmp_path / "a.yaml", tmp_path).startswith("cannot be read: Too many levels of")
    assert _told(tmp_path / "c.yaml", tmp_path).startswith("cannot be read: No such file")


@contextmanager
def _nobody() -> Iterator[None]:
    """Run as an ordinary user: to root no file is unreadable."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@needs_symlinks
def test_an_unreadable_file_is_told() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(stat.S_IRWXU | stat.S_IROTH | stat.S_IXOTH)
        path = _file(folder)
        path.chmod(0)
        with _nobody():
            assert _told(path, folder) == "cannot be read: Permission denied "


@pytest.mark.parametrize(
    ("content", "line", "column", "fragments"),
    [
        (b"\xff\xfea\x00", 1, 1, ("byte 0xFF at offset 0", "It looks like UTF-16")),
        ("كلمة".encode("utf-16"), 1, 1, ("0xFF at offset 0", "UTF-16: save it as UTF-8.")),
        (b"\xfe\xff\x00a", 1, 1, ("0xFE at offset 0", "UTF-16")),
        ("كلمة".encode("cp1256"), 1, 1, ("It may be Windows-1256 (older Arabic files)",)),
        (b"a: 1\r\nb: " + "سامي".encode("cp1256"), 2, 4, ("offset 9", "Windows-1256")),
        ("كلمة\nنص ".encode() + b"\x80", 2, 4, ("0x80 at offset 14",)),
        ("😀".encode() + b"\xe2\x80", 1, 2, ("0xE2 at offset 4",)),
        # Overlong forms and surrogates are not UTF-8 (RFC 3629, section 3).
        (b"ab\xc0\xaf", 1, 3, ("0xC0 at offset 2",)),
        (b"\n\n\xed\xa0\x80", 3, 1, ("0xED at offset 2",)),
        (b"\x01\xff", 1, 2, ("0xFF at offset 1", "Save it as UTF-8.")),
    ],
)
def test_the_first_byte_that_is_not_utf_8_is_told(
    content: bytes, line: int, column: int, fragments: tuple[str, ...]
) -> None:
    found_line, found_column, message = told(decode, content, "f.yaml")
    assert (found_line, found_column) == (line, column)
    assert message.startswith("not UTF-8: byte ")
    for fragment in fragments:
        assert fragment in message


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("خبر\nab".encode("utf-16-le"), 2, 3),
        (b"a\n\x00", 2, 1),
    ],
)
def test_utf_16_without_a_mark_is_told(content: bytes, line: int, column: int) -> None:
    """Arabic in UTF-16 may be valid UTF-8 by accident; its line feeds have a NUL beside them."""
    found_line, found_column, message = told(decode, content, "f.yaml")
    assert message.startswith("U+0000 is no character of a text It may be UTF-16")
    if content.startswith(b"a"):
        assert (found_line, found_column) == (line, column)


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_utf_8_is_decoded_and_nothing_is_changed(text: str) -> None:
    assert decode(text.encode(), "f") == text


def test_a_checksum_is_the_sha_256_of_the_bytes() -> None:
    assert checksum(b"abc") == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert checksum(b"") == f"sha256:{hashlib.sha256().hexdigest()}"


@needs_symlinks
def test_a_name_that_is_not_utf_8_can_be_shown(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml"))
    assert relative(path, tmp_path) == "\ufffd.yaml"
    assert relative(path, tmp_path).encode()
