"""A batch against `kgpub build` and `kgpub validate`, which take the same articles one by one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zstandard
from tests.batch.corpus import Envelope, files, holder, synthetic, write_folder, write_lines
from tests.conftest import Run, create_example

MADE = ("manifest.json", "quads/quads-00001.nq.zst")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace without articles."""
    root = create_example(tmp_path / "workspace")
    shutil.rmtree(root / "articles")
    return root


def content(folder: Path) -> dict[str, bytes]:
    """Return all files of a batch."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def quads(folder: Path) -> bytes:
    """Return the lines of all shards."""
    shards = sorted((folder / "quads").iterdir())
    packed = (BytesIO(path.read_bytes()) for path in shards)
    return b"".join(zstandard.ZstdDecompressor().stream_reader(each).read() for each in packed)


def manifest(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return read


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_quads_are_those_of_a_build(workspace: Path, tmp_path: Path, kgpub: Run) -> None:
    envelopes = synthetic(100)
    source = write_lines(tmp_path / "news.jsonl", envelopes)
    write_folder(workspace, envelopes)
    assert kgpub("build", cwd=workspace).returncode == 0
    done = kgpub("batch", str(source), "--jobs", "1", cwd=workspace)
    assert done.returncode == 0
    assert quads(workspace / "batch") == (workspace / "output" / "dataset.nq").read_bytes()
    told = manifest(workspace / "batch")
    assert (told["records"], told["rejected"], told["across"]) == (len(envelopes), 0, 0)
    for each in told["files"]:
        packed = (workspace / "batch" / each["path"]).read_bytes()
        assert hashlib.sha256(packed).hexdigest() == each["sha256"]
        assert (len(packed), quads(workspace / "batch").count(b"\n")) == (
            each["bytes"],
            each["lines"],
        )


def zipped(path: Path, envelopes: list[Envelope]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in envelopes:
            for name, text in files(each):
                archive.writestr(f"export/articles/{each['article']}/{name}", text)
    return path


def tarred(path: Path, envelopes: list[Envelope]) -> Path:
    folder = write_folder(path.parent / "unpacked", envelopes)
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, "export")
    return path


def in_rows(path: Path, envelopes: list[Envelope]) -> Path:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [
        {
            key: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            for key, value in each.items()
        }
        for each in envelopes
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=4)
    return path


@pytest.mark.parametrize(
    ("name", "make"),
    [("news.zip", zipped), ("news.tar.gz", tarred), ("news.parquet", in_rows)],
)
def test_all_kinds_of_sources_give_the_same(
    name: str,
    make: Callable[[Path, list[Envelope]], Path],
    workspace: Path,
    tmp_path: Path,
    kgpub: Run,
) -> None:
    envelopes = synthetic(40)
    source = make(tmp_path / name, envelopes)
    folder = write_folder(tmp_path / "folder", envelopes)
    for number, each in enumerate((source, folder)):
        call = ("batch", str(each), "-o", f"batch-{number}", "--jobs", "1", "--no-load")
        done = kgpub(*call, cwd=workspace)
        assert done.returncode == 0
    assert content(workspace / "batch-0") == content(workspace / "batch-1")


def test_neither_order_nor_processes_change_the_bytes(
    workspace: Path, tmp_path: Path, kgpub: Run
) -> None:
    envelopes = synthetic(100)
    one = write_lines(tmp_path / "one.jsonl", envelopes)
    other = write_lines(tmp_path / "other.jsonl", envelopes[::-1])
    for number, (source, jobs) in enumerate([(one, "1"), (other, "1"), (other, "2")]):
        call = ("batch", str(source), "-o", f"batch-{number}", "--jobs", jobs, "--no-load")
        assert kgpub(*call, cwd=workspace).returncode == 0
    first = content(workspace / "batch-0")
    assert set(first) == set(MADE)
    assert first == content(workspace / "batch-1") == content(workspace / "batch-2")


def test_what_is_loaded_can_be_asked(workspace: Path, tmp_path: Path, kgpub: Run) -> None:
    envelopes = [holder("one", "ali", 2001, 2004), holder("two", "omar", 2005, 2007)]
    source = write_lines(tmp_path / "news.jsonl", envelopes)
    assert kgpub("batch", str(source), "--jobs", "1", cwd=workspace).returncode == 0
    query = (
        "SELECT ?n { ?t a kg:Tenure ; kg:person/kg:name ?n FILTER (lang(?n) = 'en') } ORDER BY ?n"
    )
    answer = kgpub("query", query, "--format", "csv", cwd=workspace)
    assert answer.stdout.splitlines()[1:] == ["The name ali", "The name omar"]


def test_a_bad_record_is_set_aside_at_its_line(workspace: Path, tmp_path: Path, kgpub: Run) -> None:
    good = [holder("one", "ali", 2001, 2004), holder("two", "omar", 2005, 2007)]
    ungrounded = holder("three", "zaid", 2008, 2009)
    ungrounded["submissions"]["facts"]["statements"][0]["words"] = "nobody wrote this"
    unknown_kind = holder("four", "noor", 2010, 2011)
    unknown_kind["submissions"]["facts"]["organisations"]["the-paper"]["kind"] = "no-kind"
    source = write_lines(tmp_path / "news.jsonl", [good[0], ungrounded, unknown_kind, good[1]])
    written = source.read_bytes().splitlines(keepends=True)
    bad = [b"{not json}\n", b'{"article": "\xff"}\n', b"[]\n", b"\n", written[0]]
    source.write_bytes(b"".join([*written, *bad]))
    done = kgpub("batch", str(source), "--jobs", "1", cwd=workspace)
    assert done.returncode == 1
    assert "6 of 8 records are set aside" in done.stderr
    assert "Traceback" not in done.stderr
    told = lines(workspace / "batch" / "rejected" / "reports.jsonl")
    found = {each["line"]: {p["code"] for p in each["problems"]} for each in told}
    assert found == {
        2: {"words-not-found"},
        3: {"Organisation-kind"},
        5: {"record-not-json"},
        6: {"not-utf-8"},
        7: {"record-not-object"},
        9: {"article-again"},
    }
    (problem,) = told[0]["problems"]
    place, column = problem["at"].rsplit(":", 1)
    assert place == f"{source.as_posix()}:2"
    at = written[1].decode()[int(column) - 1 :]
    assert at.startswith('"nobody wrote this"')
    assert set(problem["message"]) == {"en", "ar", "ckb"}
    # The others are published, as if the bad ones had never been there.
    alone = write_lines(tmp_path / "good.jsonl", good)
    assert kgpub("batch", str(alone), "-o", "good", "--jobs", "1", cwd=workspace).returncode == 0
    assert quads(workspace / "good") == quads(workspace / "batch")


def related() -> list[Envelope]:
    """Return articles in which nothing is wrong alone, and much together."""
    item = {"wikidata": "Q5", "evidence": "It is said of both."}
    undescribed = holder("four", "adam", 2011, 2012)
    undescribed["submissions"]["facts"]["people"] = {}
    renamed = holder("five", "ali", 2013, 2014)
    renamed["submissions"]["facts"]["people"]["ali"]["name"]["en"] = "Another name"
    described_elsewhere = holder("six", "noor", 2015, 2016)
    described_elsewhere["submissions"]["facts"]["people"] = {}
    described_elsewhere["submissions"]["facts"]["offices"] = {}
    describing = holder("seven", "noor", 2017, 2018)
    return [
        holder("one", "ali", 2001, 2006),
        holder("two", "omar", 2003, 2008, **item),
        holder("three", "zaid", 2009, 2010, **item),
        *(undescribed, renamed, described_elsewhere, describing),
    ]


def test_what_is_wrong_across_records_is_what_validating_all_tells(
    workspace: Path, tmp_path: Path, kgpub: Run
) -> None:
    envelopes = related()
    source = write_lines(tmp_path / "news.jsonl", envelopes)
    write_folder(workspace, envelopes)
    validated = kgpub("validate", "--format", "json", "--lang", "en", cwd=workspace)
    done = kgpub("batch", str(source), "--jobs", "1", cwd=workspace)
    assert done.returncode == 1
    assert "nothing was loaded" in done.stderr
    assert kgpub("query", "ASK {}", cwd=workspace).returncode == 2
    line = {each["article"]: number for number, each in enumerate(envelopes, 1)}
    expected = {
        (
            each["severity"],
            each["code"],
            each["message"].split(" (")[0],
            frozenset(line[place["file"].split("/")[1]] for place in (each, *each["related"])),
        )
        for each in json.loads(validated.stdout)["problems"]
    }
    told = lines(workspace / "batch" / "problems.jsonl")
    assert {
        (
            each["severity"],
            each["code"],
            each["message"]["en"].split(" (")[0],
            frozenset(place["line"] for place in (each, *each.get("related", ()))),
        )
        for each in told
    } == expected
    codes = {code for _, code, _, _ in expected}
    assert codes == {"SameItem", "TenureOverlap", "Tenure-person", "name"}
    assert all(each["file"] == source.as_posix() for each in told)
    undescribed = next(each for each in told if each["code"] == "Tenure-person")
    assert undescribed["at"] == f"{source.as_posix()}:4:1"


def test_across_records_it_does_not_matter_which_are_mapped_together(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kgpub.batch import taking
    from kgpub.batch.making import Batch
    from kgpub.batch.running import in_this_process
    from kgpub.pipeline.workspace import Workspace

    source = write_lines(tmp_path / "news.jsonl", related())
    made = []
    for together in (1, 2, 256):
        monkeypatch.setattr(taking, "RECORDS", together)
        output = tmp_path / f"batch-{together}"
        batch = Batch(Workspace(workspace), in_this_process, lambda *_: None)
        batch.make([source], output, load=False)
        made.append(content(output))
    assert made[0] == made[1] == made[2]


def test_a_batch_that_was_killed_goes_on_where_it_was(
    workspace: Path, tmp_path: Path, kgpub: Run
) -> None:
    source = write_lines(tmp_path / "news.jsonl", synthetic(4000))
    call = [sys.executable, "-m", "kgpub", "batch", str(source), "--jobs", "2", "--no-load"]
    process = subprocess.Popen(call, cwd=workspace, start_new_session=True)
    work = workspace / "batch" / ".work"
    while not list(work.glob("*.json")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (workspace / "batch" / "manifest.json").exists()
    kept = {path.name: path.stat().st_mtime_ns for path in work.glob("*.json")}
    # Whatever was made is left as it is, so that one made wrong shows that it was not made again.
    name = next(iter(kept))
    (work / name.replace(".json", ".warnings")).write_bytes(b"key\t{}\n")
    assert kgpub("batch", str(source), "--jobs", "2", "--no-load", cwd=workspace).returncode == 0
    assert (workspace / "batch" / "warnings.jsonl").read_bytes() == b"{}\n"
    assert not work.exists()
    call = ("batch", str(source), "--jobs", "1", "--no-load", "-o", "whole")
    assert kgpub(*call, cwd=workspace).returncode == 0
    assert quads(workspace / "batch") == quads(workspace / "whole")


def test_a_folder_with_other_files_is_refused(workspace: Path, tmp_path: Path, kgpub: Run) -> None:
    source = write_lines(tmp_path / "news.jsonl", synthetic(10))
    other = workspace / "mine"
    other.mkdir()
    (other / "notes").write_text("mine")
    done = kgpub("batch", str(source), "-o", "mine", cwd=workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds other files" in done.stderr
    assert [path.name for path in other.iterdir()] == ["notes"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("missing.jsonl", "is no file or folder"), ("notes.txt", "is of no kind that is known")],
)
def test_what_is_no_source_is_told(
    name: str, told: str, workspace: Path, tmp_path: Path, kgpub: Run
) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    done = kgpub("batch", str(tmp_path / name), cwd=workspace)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (workspace / "batch").exists()
