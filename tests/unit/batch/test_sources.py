"""Sources that nobody wrote for kgpub: damaged, hostile, too large."""

from __future__ import annotations

import io
import json
import stat
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kgpub.batch import archives, sources
from kgpub.batch.envelope import KEYS, record_of_line
from kgpub.batch.record import File, Origin, Record, Unread
from kgpub.batch.sources import Read, Sources
from kgpub.errors import CallError, SubmissionErrors

ROOT = Path(__file__).parents[3]
ARTICLE = {"article.txt": b"Some words.", "article.json": b'{"language": "en"}'}
ORIGIN = Origin("news.jsonl", 7)


def read(path: Path) -> list[Read]:
    return list(Sources([path]).records())


def codes(each: Read) -> list[str]:
    assert isinstance(each, Unread)
    return [problem.code for problem in each.problems]


def members(slug: str, more: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"articles/{slug}/{name}": content for name, content in {**ARTICLE, **more}.items()}


def zipped(path: Path, content: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return path


def tarred(path: Path, content: Mapping[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, text in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return path


def test_a_submission_keeps_its_bytes_and_its_columns() -> None:
    facts = '{"start" : 1.50,  "words":"كلمات"}'
    line = (
        '\ufeff {"article": "one", "submissions": {"facts": ' + facts + ', "more.yaml": "a: 1\\n"},'
        ' "metadata": {}, "text": "Text\\n"} '
    )
    record = record_of_line(line.encode(), ORIGIN)
    start = line.index(facts) + 1
    assert record.submissions == (
        File("facts.json", facts.encode(), start),
        File("more.yaml", b"a: 1\n"),
    )
    assert (record.text, record.metadata.content) == (b"Text\n", b"{}")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"article": "one"', "record-not-json"),
        ('{"article": "one",}', "record-not-json"),
        ('{"article": "one"} {}', "record-not-json"),
        ('{"article": NaN5}', "record-not-json"),
        ("[" * 100_000, "record-not-object"),
        ('{"article": ' + "[" * 100_000, "record-not-json"),
        ('"one"', "record-not-object"),
        ("{}", "record-key-missing"),
        ('{"article": 5}', "text-expected"),
        ('{"article": "one", "article": "two"}', "key-repeated"),
        ('{"artikel": "one"}', "unknown-key"),
        ('{"article": "one", "text": "t", "metadata": []}', "record-object"),
        ('{"article": "one", "text": "\\ud800", "metadata": {}}', "record-surrogate"),
        ('{"article": "../one", "text": "t", "metadata": {}}', "slug-invalid"),
        ('{"article": "One", "text": "t", "metadata": {}}', "slug-invalid"),
        ('{"article": "one", "text": "", "metadata": {}}', "file-empty"),
        (
            '{"article": "one", "text": "t", "metadata": {}, "submissions": {"../x": {}}}',
            "slug-invalid",
        ),
        (
            '{"article": "one", "text": "t", "metadata": {}, "submissions": {"x.docx": "a"}}',
            "submission-ending",
        ),
        (
            '{"article": "one", "text": "t", "metadata": {}, "submissions": {"x": 5}}',
            "record-object",
        ),
        (
            '{"article": "one", "text": "t", "metadata": {}, "submissions": '
            '{"x": {}, "x.yaml": "a: 1"}}',
            "name-repeated",
        ),
    ],
)
def test_what_is_no_record_is_refused(line: str, code: str) -> None:
    with pytest.raises(SubmissionErrors) as refused:
        record_of_line(line.encode(), ORIGIN)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_line_that_is_too_long_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = json.dumps({"article": "one", "text": "t", "metadata": {}})
    path = tmp_path / "news.jsonl"
    path.write_text(f'{{"text": "{"x" * 5000}"}}\n{good}\n{"y" * 900}')
    monkeypatch.setattr(sources, "MAX_RECORD_BYTES", 200)
    monkeypatch.setattr(sources, "_BLOCK", 64)
    first, second, third = read(path)
    assert codes(first) == codes(third) == ["file-too-large"]
    assert isinstance(second, Record)
    assert (second.origin.line, third.origin.line) == (2, 3)


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "articles" / "one"
    folder.mkdir(parents=True)
    for name, content in ARTICLE.items():
        (folder / name).write_bytes(content)
    (tmp_path / "secret.yaml").write_text("a: secret")
    (folder / "facts.yaml").symlink_to(tmp_path / "secret.yaml")
    (told,) = read(tmp_path / "source")
    assert codes(told) == ["link-outside"]


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_what_leads_out_of_an_archive_is_no_file_of_it(tmp_path: Path, ending: str) -> None:
    make = zipped if ending == ".zip" else tarred
    outside = {
        "../articles/two/facts.yaml": b"a: 1",
        "/articles/two/facts.yaml": b"a: 1",
        "articles/../articles/two/facts.yaml": b"a: 1",
        "articles/two\\x/facts.yaml": b"a: 1",
    }
    path = make(tmp_path / f"news{ending}", {**members("one", {}), **outside})
    (record,) = read(path)
    assert isinstance(record, Record)
    assert (record.slug, record.submissions) == ("one", ())


def test_a_link_in_a_tar_sets_its_article_aside(tmp_path: Path) -> None:
    path = tmp_path / "news.tar"
    tarred(path, members("one", {}), "w")
    with tarfile.open(path, "a") as archive:
        member = tarfile.TarInfo("articles/one/facts.yaml")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
        for name, content in members("two", {}).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    one, two = read(path)
    assert codes(one) == ["member-no-file"]
    assert isinstance(two, Record)


def test_a_link_in_a_zip_sets_its_article_aside(tmp_path: Path) -> None:
    path = zipped(tmp_path / "news.zip", members("one", {}))
    with zipfile.ZipFile(path, "a") as archive:
        member = zipfile.ZipInfo("articles/one/facts.yaml")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    (one,) = read(path)
    assert codes(one) == ["member-no-file"]


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_bombs_are_not_unpacked(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = zipped if ending == ".zip" else tarred
    bomb = members("bomb", {"facts.yaml": b"a" * 3_000_000})
    path = make(tmp_path / f"news{ending}", {**bomb, **members("one", {})})
    monkeypatch.setattr(archives, "MAX_SUBMISSION_BYTES", 1_000_000)
    first, second = read(path)
    assert codes(first) == ["file-too-large"]
    assert isinstance(second, Record)


def test_a_tar_is_left_after_too_much_that_is_no_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {**members("one", {}), "film": b"x" * 3000, **members("two", {})}
    path = tarred(tmp_path / "news.tgz", content)
    monkeypatch.setattr(archives, "MAX_PASSED_BYTES", 2000)
    (told,) = read(path)
    assert codes(told) == ["archive-damaged"]


def test_the_header_of_a_tar_is_bounded(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2**40
    path = tmp_path / "news.tar"
    path.write_bytes(header.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024)
    (told,) = read(path)
    assert codes(told) == ["archive-damaged"]


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tar.zst", ".tar"])
def test_what_is_no_archive_is_told(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"news{ending}"
    path.write_bytes(b"This is no archive at all." * 100)
    (told,) = read(path)
    assert codes(told) == ["archive-damaged"]


def test_an_archive_that_breaks_off_gives_what_was_whole(tmp_path: Path) -> None:
    content = {**members("one", {}), **members("two", {"facts.yaml": b"a: 1" * 1000})}
    path = tarred(tmp_path / "news.tar", content, "w")
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"a: 1a: 1") + 100])
    one, two = read(path)
    assert isinstance(one, Record)
    assert isinstance(two, Unread)
    assert two.slug == "two"


def test_a_parquet_file_has_the_columns(tmp_path: Path) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    row = {"article": "one", "text": "t", "metadata": "{} {}", "submissions": None}
    path = tmp_path / "news.parquet"
    parquet.write_table(pyarrow.Table.from_pylist([row, {**row, "metadata": "{}"}]), path)
    bad, good = read(path)
    assert codes(bad) == ["record-not-json"]
    assert isinstance(good, Record)
    parquet.write_table(pyarrow.Table.from_pylist([{"article": "one"}]), path)
    with pytest.raises(CallError, match="has no column text"):
        read(path)
    path.write_bytes(b"no Parquet")
    with pytest.raises(CallError, match="is no Parquet file"):
        read(path)


def test_the_schema_of_a_record_is_what_is_read() -> None:
    schema = json.loads((ROOT / "schemas" / "record.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    assert tuple(schema["properties"]) == KEYS
    validator = Draft202012Validator(schema)
    good = {"article": "one", "text": "t", "metadata": {}, "submissions": {"f": {}, "g.yaml": "a"}}
    assert validator.is_valid(good)
    record_of_line(json.dumps(good).encode(), ORIGIN)
    for key in KEYS:
        assert not validator.is_valid({**good, key: 5})
