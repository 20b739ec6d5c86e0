"""Files that are not what their names promise, and files that a call must not touch.

A report shows nothing of a file outside the workspace, takes the form that was asked for whatever
is wrong, and no command writes over what it or a workspace reads.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse
from tests.conftest import BASE, Run

from kgpub.cli.options import no_source
from kgpub.errors import CallError

ARTICLE = "articles/example"
FORMS = ("text", "json", "sarif", "junit", "github", "html")
SECRET = "TOKEN_s3cr3t: [unclosed"
SHAPES = "<urn:s> a <http://www.w3.org/ns/shacl#NodeShape> ."


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".kgpub" not in path.parts
    }


# What a link leads to


@pytest.fixture
def secret(example: Path) -> Path:
    """A file beside the workspace, which no report may show."""
    path = example.parent / "secret.yaml"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "name",
    [f"{ARTICLE}/{name}" for name in ("more.yaml", "article.txt", "article.yaml")] + ["kinds.ttl"],
)
def test_a_report_shows_nothing_of_a_file_outside(
    example: Path, kgpub: Run, secret: Path, name: str, form: str
) -> None:
    (example / name).unlink(missing_ok=True)
    (example / name).symlink_to(secret)
    done = kgpub("validate", "--format", form, cwd=example)
    assert done.returncode == 1
    assert name in done.stdout
    assert "symbolic link" in done.stdout
    assert "s3cr3t" not in done.stdout + done.stderr
    for command in ("build", "export") if form == "text" else ():
        assert "s3cr3t" not in kgpub(command, cwd=example).stderr


def linked_file(root: Path, secret: Path) -> str:
    (root / ARTICLE / "more.yaml").symlink_to(secret)
    return f"{ARTICLE}/more.yaml"


def linked_folder(root: Path, secret: Path) -> str:
    (root / "articles/other").symlink_to(secret.parent, target_is_directory=True)
    return f"articles/other/{secret.name}"


def link_outside(root: Path, secret: Path) -> str:
    folder = root.parent / "submitted"
    folder.mkdir()
    (folder / "facts.yaml").symlink_to(secret)
    return "../submitted/facts.yaml"


@pytest.mark.parametrize("make", [linked_file, linked_folder, link_outside])
def test_a_link_that_is_named_is_not_followed(
    example: Path, kgpub: Run, secret: Path, make: Callable[[Path, Path], str]
) -> None:
    name = make(example, secret)
    done = kgpub("validate", name, cwd=example)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{name}: leads elsewhere by a symbolic link" in done.stderr
    assert "Copy the file" in done.stderr
    assert "s3cr3t" not in done.stderr


def test_the_workspace_may_be_reached_by_a_link(example: Path, kgpub: Run) -> None:
    link = example.with_name("link")
    link.symlink_to(example, target_is_directory=True)
    for named in (link / ARTICLE / "facts.yaml", example / ARTICLE / "facts.yaml"):
        done = kgpub("validate", "-w", str(link), str(named), cwd=example.parent)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_has_no_name_of_a_submission_is_none(example: Path, kgpub: Run) -> None:
    for name in ("secret", "secret.txt"):
        (example.parent / name).write_text("s3cr3t", encoding="utf-8")
        done = kgpub("validate", f"../{name}", cwd=example)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{name}: is no submission" in done.stderr
        assert "Endings: .yaml" in done.stderr
        assert "s3cr3t" not in done.stderr


def test_a_submission_outside_is_still_shown(example: Path, kgpub: Run) -> None:
    (example.parent / "mine.yaml").write_text('article: "\\q mine\n', encoding="utf-8")
    (example / "bad.ttl").write_text("mine\n", encoding="utf-8")
    for name in ("../mine.yaml", str(example.parent / "mine.yaml")):
        assert '1 │ article: "\\q mine' in kgpub("validate", name, cwd=example).stdout
    shapes = example.parent / "shapes.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    for name in ("bad.ttl", str(example / "bad.ttl"), "../workspace/bad.ttl"):
        done = kgpub("validate", name, "--shapes", str(shapes), cwd=example)
        assert (done.returncode, "1 │ mine" in done.stdout) == (1, True), done.stderr


def test_a_query_of_the_workspace_that_is_a_link(built: Path, kgpub: Run) -> None:
    secret = built.parent / "secret"
    secret.write_text("# question: s3cr3t?\ns3cr3t\n", encoding="utf-8")
    (built / "queries").mkdir()
    (built / "queries/x.rq").symlink_to(secret)
    (built / "own.rq").write_text("ASK {}", encoding="utf-8")
    (built / "queries/y.rq").symlink_to("../own.rq")
    done = kgpub("query", "x", cwd=built)
    assert done.returncode == 2
    assert "queries/x.rq: leads out of the workspace by a symbolic link" in done.stderr
    assert "Copy the file." in done.stderr
    listed = kgpub("query", "--list", cwd=built)
    assert "s3cr3t" not in done.stderr + listed.stdout + listed.stderr
    assert "holders-of-office" in listed.stdout
    assert kgpub("query", "y", cwd=built).stdout == "true\n"


# What a command may write


TARGETS = (
    f"{ARTICLE}/article.txt",
    f"{ARTICLE}/new.ttl",
    "articles",
    "queries/mine.rq",
    ".kgpub/new",
    "kgpub.toml",
    "kinds.ttl",
    f"{ARTICLE}/../../kgpub.toml",
    "link",
    "link-to-folder/article.txt",
    "output/../kinds.ttl",
)


@pytest.mark.parametrize("target", TARGETS)
def test_sources_are_no_place_to_write(
    example: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    (example / "link").symlink_to("kgpub.toml")
    (example / "link-to-folder").symlink_to(ARTICLE)
    with pytest.raises(CallError, match="Choose another file with --output"):
        no_source(example / target)
    monkeypatch.chdir(example / "articles")
    with pytest.raises(CallError, match="Choose another file with --output"):
        no_source(Path("..") / target)


@pytest.mark.parametrize(
    ("command", "target"),
    [
        (("export",), f"{ARTICLE}/article.txt"),
        (("validate",), f"{ARTICLE}/facts.yaml"),
        (("validate", "--format", "html"), "kinds.ttl"),
        (("schema", "article"), "kgpub.toml"),
    ],
)
def test_sources_are_not_written_over(
    example: Path, kgpub: Run, command: tuple[str, ...], target: str
) -> None:
    before = contents(example)
    done = kgpub(*command, "--output", target, cwd=example)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{target}: " in done.stderr
    assert "Choose another file with --output" in done.stderr
    assert contents(example) == before


@pytest.mark.parametrize("role", ["data.ttl", "shapes.ttl", "ontology.ttl"])
def test_what_a_validation_reads_is_not_written_over(tmp_path: Path, kgpub: Run, role: str) -> None:
    for name in ("data.ttl", "shapes.ttl", "ontology.ttl"):
        (tmp_path / name).write_text("<a:a> <a:b> <a:c> .\n", encoding="utf-8")
    (tmp_path / "hard.ttl").hardlink_to(tmp_path / role)
    for target in (str(tmp_path / role), "hard.ttl"):
        done = kgpub(
            *("validate", "data.ttl", "-s", "shapes.ttl", "-e", "ontology.ttl", "-o", target),
            cwd=tmp_path,
        )
        assert done.returncode == 2
        assert "is one of the files to read" in done.stderr
    assert (tmp_path / role).read_text(encoding="utf-8") == "<a:a> <a:b> <a:c> .\n"


def test_a_submission_outside_is_not_written_over(example: Path, kgpub: Run) -> None:
    outside = Path(shutil.copy(example / ARTICLE / "facts.yaml", example.parent / "mine.yaml"))
    before = outside.read_bytes()
    done = kgpub("validate", "../mine.yaml", "-o", "../mine.yaml", cwd=example)
    assert (done.returncode, outside.read_bytes()) == (2, before)


def test_other_places_are_written(example: Path, kgpub: Run) -> None:
    for folder in ("schemas", "reports", "queries"):
        (example.parent / folder).mkdir()
    (example / "reports").mkdir()
    # No workspace: names mean nothing there.
    schema = example.parent / "queries/submission.schema.json"
    assert kgpub("schema", "submission", "-o", str(schema), cwd=example).returncode == 0
    assert "$schema" in json.loads(schema.read_text(encoding="utf-8"))
    for name in ("reports/articles.nq", "dataset.nq"):
        assert kgpub("export", "-f", "nq", "-o", name, cwd=example).returncode == 0
        assert len(list(parse(path=str(example / name), format=RdfFormat.N_QUADS))) > 50


# The form of a report


def problems_in(form: str, text: str) -> list[str]:
    """The files that a report finds an error in, read as programs read it."""
    if form == "json":
        return [each["file"] for each in json.loads(text)["problems"]]
    if form == "sarif":
        return [
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for result in json.loads(text)["runs"][0]["results"]
        ]
    if form == "junit":
        cases = ElementTree.fromstring(text).iter("testcase")
        return [str(case.get("name")) for case in cases if case.find("failure") is not None]
    if form == "github":
        lines = [line for line in text.splitlines() if line.startswith("::error ")]
        return [line.partition("file=")[2].split(",")[0] for line in lines]
    assert form == "html"
    assert text.startswith("<!DOCTYPE html>")
    return [name for name in ("kinds.ttl", "data.ttl") if name in text]


@pytest.mark.parametrize("to_file", [False, True], ids=["stdout", "file"])
@pytest.mark.parametrize("form", [form for form in FORMS if form != "text"])
@pytest.mark.parametrize(
    ("name", "options"),
    [("kinds.ttl", ()), ("data.ttl", ("data.ttl", "--shapes", "shapes.ttl"))],
)
def test_a_file_that_cannot_be_parsed_is_reported_in_the_form_asked_for(
    example: Path, kgpub: Run, name: str, options: tuple[str, ...], form: str, to_file: bool
) -> None:
    (example / name).write_text("@prefix x: <\n", encoding="utf-8")
    (example / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    target = ("-o", "report") if to_file else ()
    done = kgpub("validate", *options, "--format", form, *target, cwd=example)
    assert (done.returncode, done.stderr) == (1, "")
    text = (example / "report").read_text(encoding="utf-8") if to_file else done.stdout
    assert problems_in(form, text) == [name]


def test_the_line_is_that_of_the_workspace(example: Path, kgpub: Run) -> None:
    (example / "kinds.ttl").write_text("right\n", encoding="utf-8")
    (example / "articles/kinds.ttl").write_text("wrong\n", encoding="utf-8")
    for command in ("validate", "build", "export"):
        done = kgpub(command, cwd=example / "articles")
        assert done.returncode == 1
        assert "│ right" in done.stdout + done.stderr, command
        assert "wrong" not in done.stdout + done.stderr


# The output


def test_a_list_of_checksums_that_was_removed_is_written_again(example: Path, kgpub: Run) -> None:
    output = example / "output"
    assert kgpub("build", cwd=example).returncode == 0
    before = contents(output)
    (output / "SHA256SUMS").unlink()
    assert kgpub("build", cwd=example).returncode == 0
    assert contents(output) == before
    for name in ("SHA256SUMS", "dataset.nq"):
        (output / name).unlink()
    assert kgpub("build", "--fresh", cwd=example).returncode == 0
    assert contents(output) == before
    assert "Nothing has changed" in kgpub("build", cwd=example).stdout


@pytest.mark.parametrize("name", ["dataset.nq", "notes.txt", "ontology/mine.ttl"])
def test_without_the_list_what_is_not_as_it_was_written_stays(
    example: Path, kgpub: Run, name: str
) -> None:
    output = example / "output"
    assert kgpub("build", cwd=example).returncode == 0
    (output / "SHA256SUMS").unlink()
    with (output / name).open("a", encoding="utf-8") as stream:
        stream.write("# mine\n")
    before = contents(output)
    done = kgpub("build", cwd=example)
    assert done.returncode == 2
    assert f"did not write: {name}" in done.stderr
    assert contents(output) == before


# Folders and arguments


@pytest.mark.parametrize(
    ("command", "folder", "message"),
    [
        (("build",), "no-such-folder", "no-such-folder: there is no such folder"),
        (("validate",), "kgpub.toml", "kgpub.toml: is no folder"),
        (("export",), f"{ARTICLE}/facts.yaml", "facts.yaml: is no folder"),
        (("query", "ASK {}"), "", "the name of a folder is empty"),
    ],
)
def test_a_workspace_that_is_no_folder(
    example: Path, kgpub: Run, command: tuple[str, ...], folder: str, message: str
) -> None:
    done = kgpub(*command, "--workspace", folder, cwd=example)
    assert (done.returncode, done.stdout) == (2, "")
    told = done.stderr.splitlines()
    assert message in told[0]
    assert told[1].strip().endswith(".")
    assert not (example / "output").exists()


def test_a_workspace_of_no_name_is_not_made(tmp_path: Path, kgpub: Run) -> None:
    done = kgpub("init", "", cwd=tmp_path)
    assert done.returncode == 2
    assert "Write . for the current folder" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert kgpub("init", ".", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("name", ["my ws", "it's", "a;touch b", "$HOME", "-x"])
def test_what_init_says_to_do_next_can_be_done(tmp_path: Path, kgpub: Run, name: str) -> None:
    made = kgpub("init", "--", name, cwd=tmp_path)
    change_folder = made.stdout.splitlines()[-1].removeprefix("Next: ").partition(" && kgpub")[0]
    done = subprocess.run(
        ["sh", "-c", f"{change_folder} && cat kgpub.toml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "base = " in done.stdout, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_example_of_export_works_in_a_new_workspace(tmp_path: Path, kgpub: Run) -> None:
    kgpub("init", "ws", cwd=tmp_path)
    shown = kgpub("export", "--help", cwd=tmp_path).stdout
    command = " ".join(shown.partition("Examples: kgpub ")[2].split()).split(" · ")[0]
    done = kgpub(*shlex.split(command), cwd=tmp_path / "ws")
    assert done.returncode == 0, done.stderr
    assert f"<{BASE}article/example>" in done.stdout


WRONG_CALLS = {
    ("export", "--graph", ""): ("the IRI of the graph is empty", "Leave --graph out"),
    ("query", "--list", "holders-of-office"): ("--list takes no query", "Leave one"),
    ("query", "--list", "-p", "a=b"): ("--list takes no query", "Leave one"),
    ("query", "called", "-p", "text=a", "-p", "text=b"): ("text is given twice", "Give it one"),
    ("query", "-"): ("standard input: there is no query", "Write one"),
    ("query", "empty.rq"): ("empty.rq: there is no query", "Write one"),
}


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_a_call_that_says_too_much_or_nothing(
    built: Path, kgpub: Run, call: tuple[str, ...]
) -> None:
    (built / "empty.rq").write_text(" \n", encoding="utf-8")
    done = kgpub(*call, cwd=built, stdin="")
    assert (done.returncode, done.stdout) == (2, "")
    for expected in WRONG_CALLS[call]:
        assert expected in done.stderr


# Watching


def test_settings_that_go_and_come_back_are_no_change(example: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "kgpub", "validate", "--watch"],
        cwd=example,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"},
        # Started by a shell in the background, tests are given SIGINT as ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    pause = threading.Event()
    try:
        assert process.stdout.readline().startswith("accepted: ")
        pause.wait(1)  # until the watcher has looked at the folder first
        for _ in range(2):
            (example / "kgpub.toml").rename(example / "kept")
            pause.wait(0.5)
            (example / "kept").rename(example / "kgpub.toml")
            pause.wait(0.5)
        facts = example / ARTICLE / "facts.yaml"
        text = facts.read_text(encoding="utf-8")
        facts.write_text(text.replace("kind: election", "kind: electoin"), encoding="utf-8")
        assert f"{ARTICLE}/facts.yaml:25:" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[1] == ""
    finally:
        process.kill()
        process.communicate()
