"""Outputs, and what kgpub keeps in the workspace, as others or accidents leave them.

Nothing that kgpub did not write is deleted or written through, and what it wrote itself is mended
or told with a remedy; nothing is left behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Run


def change(root: Path) -> None:
    """Have the next build write: a comment is enough."""
    with (root / "kgpub.toml").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")


def list_all(folder: Path) -> None:
    """Write a SHA256SUMS of all files, as a person does with sha256sum."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
        for path in files
        if path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def tree(folder: Path) -> dict[str, str]:
    """What each path is: the checksum of a file, the target of a link, or what kind of thing."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            content = f"-> {path.readlink()}"
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            content = "folder" if path.is_dir() else "other"
        found[path.relative_to(folder).as_posix()] = content
    return found


def visible(root: Path) -> dict[str, str]:
    return {name: what for name, what in tree(root).items() if not name.startswith(".kgpub")}


def thesis(folder: Path) -> None:
    (folder / "thesis.doc").write_text("years of work", encoding="utf-8")
    list_all(folder)


def dataset(folder: Path) -> None:
    (folder / "dataset.ttl").write_text("<a:a> <a:b> <a:c> .", encoding="utf-8")
    list_all(folder)


@pytest.mark.parametrize("content", [thesis, dataset])
def test_a_list_of_checksums_does_not_make_files_kgpubs(
    example: Path, kgpub: Run, content: Callable[[Path], None]
) -> None:
    other = example.parent / "published"
    other.mkdir()
    content(other)
    before = tree(example.parent)
    done = kgpub("build", "--output", str(other), cwd=example)
    assert done.returncode == 2
    assert "kgpub did not write" in done.stderr
    assert "--output" in done.stderr
    after = {name: what for name, what in tree(example.parent).items() if "/.kgpub" not in name}
    assert after == before


def own_file(output: Path) -> None:
    (output / "ontology/mine.ttl").write_text("", encoding="utf-8")
    list_all(output)


def empty_folder(output: Path) -> None:
    (output / "mine").mkdir()


def link(output: Path) -> None:
    (output / "mine").symlink_to("/")


def pipe(output: Path) -> None:
    os.mkfifo(output / "mine")


@pytest.mark.parametrize("add", [own_file, empty_folder, link, pipe])
def test_what_others_put_into_the_output_is_not_deleted(
    built: Path, kgpub: Run, add: Callable[[Path], None]
) -> None:
    add(built / "output")
    before = visible(built)
    done = kgpub("build", cwd=built)
    assert (done.returncode, "did not write: " in done.stderr) == (2, True)
    assert "mine" in done.stderr
    assert visible(built) == before


@pytest.mark.parametrize("name", ["SHA256SUMS", "dataset.ttl"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    built: Path, kgpub: Run, name: str
) -> None:
    (built / "output" / name).unlink()
    os.mkfifo(built / "output" / name)
    done = kgpub("build", cwd=built)
    assert done.returncode == 2
    assert f"did not write: {name}" in done.stderr


def test_an_output_that_another_checkout_brought_is_written_over(built: Path, kgpub: Run) -> None:
    shutil.rmtree(built / ".kgpub")
    change(built)
    (built / "output/dataset.ttl").write_text("", encoding="utf-8")
    assert kgpub("build", cwd=built).returncode == 0
    assert (built / "output/dataset.ttl").stat().st_size > 1000


def test_kinds_that_are_gone_go_from_the_output(example: Path, kgpub: Run) -> None:
    (example / "kinds.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "<https://example.org/kinds#by-election> a skos:Concept ; skos:prefLabel 'x'@en ;\n"
        "    skos:inScheme <https://w3id.org/kgpub/kind#EventKind> .\n",
        encoding="utf-8",
    )
    assert kgpub("build", cwd=example).returncode == 0
    assert (example / "output/ontology/kinds.ttl").is_file()
    (example / "kinds.ttl").unlink()
    shutil.rmtree(example / ".kgpub")
    assert kgpub("build", cwd=example).returncode == 0
    assert not (example / "output/ontology/kinds.ttl").exists()


def a_link(path: Path) -> None:
    path.symlink_to(path.with_name("target"))


def a_file(path: Path) -> None:
    path.write_text("mine", encoding="utf-8")


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "mine").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize("name", [".output.kgpub-new", ".output.kgpub-old"])
@pytest.mark.parametrize("make", [a_link, a_file, a_folder])
def test_what_others_put_where_the_output_is_prepared_stays(
    built: Path, kgpub: Run, name: str, make: Callable[[Path], None]
) -> None:
    change(built)
    (built / "target").mkdir()
    (built / "target/dataset.ttl").write_text("mine", encoding="utf-8")
    make(built / name)
    before = tree(built)
    done = kgpub("build", cwd=built)
    assert done.returncode == 2
    assert f"{built / name}: " in done.stderr
    assert "Move that elsewhere" in done.stderr
    assert {k: v for k, v in tree(built).items() if not k.startswith(".kgpub/")} == {
        k: v for k, v in before.items() if not k.startswith(".kgpub/")
    }


@pytest.mark.parametrize(
    "output",
    ["/", ".", "", "..", "articles", "articles/published", ".kgpub", ".kgpub/x", "queries/.."],
)
def test_an_output_that_is_no_place_for_one(example: Path, kgpub: Run, output: str) -> None:
    before = tree(example)
    (example / "queries").mkdir()
    done = kgpub("build", "--output", output, cwd=example)
    assert done.returncode == 2
    assert "Choose another folder with --output" in done.stderr
    assert tree(example) == {**before, "queries": "folder"}


def no_folder(root: Path) -> None:
    shutil.rmtree(root / "articles")


def no_article(root: Path) -> None:
    shutil.rmtree(root / "articles/example")


def file_instead(root: Path) -> None:
    no_folder(root)
    (root / "articles").write_text("", encoding="utf-8")


@pytest.mark.parametrize("command", ["build", "validate", "export"])
@pytest.mark.parametrize("lose", [no_folder, no_article, file_instead])
def test_nothing_is_not_published(
    built: Path, kgpub: Run, lose: Callable[[Path], None], command: str
) -> None:
    before = tree(built / "output")
    lose(built)
    done = kgpub(command, cwd=built)
    assert done.returncode == 1
    assert "articles:1:1: error: there is nothing to publish" in done.stdout + done.stderr
    assert "articles/<slug>/article.txt" in done.stdout + done.stderr
    assert tree(built / "output") == before


@pytest.mark.parametrize(
    "change_kinds",
    [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path.name)],
    ids=["folder", "pipe", "circle"],
)
def test_kinds_that_are_no_file_are_told_after_a_build(
    built: Path, kgpub: Run, change_kinds: Callable[[Path], None]
) -> None:
    change_kinds(built / "kinds.ttl")
    told = kgpub("build", cwd=built)
    assert told.returncode == 1
    assert "kinds.ttl:1:1: error" in told.stderr
    said = told.stderr.splitlines()[:-1]
    assert said == kgpub("validate", cwd=built).stdout.splitlines()[:-1]


def test_a_link_to_kinds_outside_is_told_though_they_are_the_same(
    example: Path, kgpub: Run
) -> None:
    kinds, outside = example / "kinds.ttl", example.parent / "kinds.ttl"
    kinds.write_text("# none yet\n", encoding="utf-8")
    assert kgpub("build", cwd=example).returncode == 0
    kinds.rename(outside)
    kinds.symlink_to(outside)
    done = kgpub("build", cwd=example)
    assert (done.returncode, "symbolic link" in done.stderr) == (1, True)


STATEMENTS = {
    "other columns": "DROP TABLE mapped; CREATE TABLE mapped (file TEXT, other TEXT)",
    "a view": "DROP TABLE state; CREATE VIEW state AS SELECT 1 AS name, 2 AS value",
    "text": "UPDATE published SET quads = 'x'; DELETE FROM mapped; DELETE FROM state",
    "texts": "UPDATE mapped SET quads = 'x', positions = 'x'; DELETE FROM state",
    "no UTF-8": "UPDATE state SET value = CAST(x'ff' AS TEXT)",
    "another version": "PRAGMA user_version = 1000",
}


@pytest.mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_a_cache_that_is_not_kgpubs_is_made_anew(built: Path, kgpub: Run, sql: str) -> None:
    before = tree(built / "output")
    with sqlite3.connect(built / ".kgpub/cache.sqlite") as connection:
        connection.executescript(sql)
    connection.close()
    assert kgpub("build", cwd=built).returncode == 0
    assert "Nothing has changed" in kgpub("build", cwd=built).stdout
    assert tree(built / "output") == before


def damage_key(state: Path) -> None:
    (path,) = (state / "store").glob("generation-*/digests.json")
    stored = json.loads(path.read_bytes())
    stored["graphs"]["no IRI"] = "x"
    path.write_text(json.dumps(stored), encoding="utf-8")


def nest_digests(state: Path) -> None:
    (path,) = (state / "store").glob("generation-*/digests.json")
    path.write_text("[" * 100_000, encoding="utf-8")


def damage_tables(state: Path) -> None:
    for path in (state / "store").glob("generation-*/*.sst"):
        with path.open("r+b") as stream:
            stream.seek(200)
            stream.write(b"damage")


def remove_tables(state: Path) -> None:
    for path in (state / "store").glob("generation-*/*.sst"):
        path.unlink()


def pointer_folder(state: Path) -> None:
    (state / "store/CURRENT").unlink()
    (state / "store/CURRENT").mkdir()


def pointer_pipe(state: Path) -> None:
    (state / "store/CURRENT").unlink()
    os.mkfifo(state / "store/CURRENT")


def store_file(state: Path) -> None:
    shutil.rmtree(state / "store")
    (state / "store").write_text("", encoding="utf-8")


def store_link_to_nothing(state: Path) -> None:
    shutil.rmtree(state / "store")
    (state / "store").symlink_to("nowhere")


def lock_folder(state: Path) -> None:
    (state / "lock").unlink(missing_ok=True)
    (state / "lock").mkdir()


def cache_folder(state: Path) -> None:
    (state / "cache.sqlite").unlink()
    (state / "cache.sqlite").mkdir()


def cache_pipe(state: Path) -> None:
    (state / "cache.sqlite").unlink()
    os.mkfifo(state / "cache.sqlite")


def pointer_new_link(state: Path) -> None:
    (state / "store/CURRENT.new").symlink_to(state.parent / "kgpub.toml")
    shutil.rmtree(next((state / "store").glob("generation-*")))


@pytest.mark.parametrize("fresh", [(), ("--fresh",)], ids=["build", "fresh"])
@pytest.mark.parametrize(
    "damage",
    [
        damage_key,
        nest_digests,
        damage_tables,
        remove_tables,
        pointer_folder,
        pointer_pipe,
        pointer_new_link,
        store_file,
        store_link_to_nothing,
        lock_folder,
        cache_folder,
        cache_pipe,
    ],
)
def test_a_build_mends_what_kgpub_keeps(
    example: Path, kgpub: Run, damage: Callable[[Path], None], fresh: tuple[str, ...]
) -> None:
    count = ("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv")
    kgpub("build", cwd=example)
    before, counted = visible(example), kgpub(*count, cwd=example).stdout
    assert int(counted.split()[1]) > 1000
    damage(example / ".kgpub")
    done = kgpub("build", *fresh, cwd=example)
    assert (done.returncode, done.stderr) == (0, "")
    assert kgpub(*count, cwd=example).stdout == counted
    assert visible(example) == before
    assert "Nothing has changed" in kgpub("build", cwd=example).stdout


def test_a_damaged_store_is_not_copied_by_a_build_that_changes_little(
    built: Path, kgpub: Run
) -> None:
    damage_tables(built / ".kgpub")
    change(built)
    assert kgpub("build", cwd=built).returncode == 0
    assert kgpub("query", "SELECT * { ?s ?p ?o }", "-f", "csv", cwd=built).returncode == 0


def test_a_file_in_the_place_of_what_kgpub_keeps(example: Path, kgpub: Run) -> None:
    (example / ".kgpub").write_text("mine", encoding="utf-8")
    done = kgpub("build", "--fresh", cwd=example)
    assert done.returncode == 2
    assert f"{example / '.kgpub'}: is no folder" in done.stderr
    assert "Remove or rename it" in done.stderr
    assert (example / ".kgpub").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no name can be without UTF-8")
@pytest.mark.parametrize("command", [("build",), ("query", "ASK {}")], ids=["build", "query"])
def test_a_path_that_is_not_utf_8(example: Path, kgpub: Run, command: tuple[str, ...]) -> None:
    root = example.rename(example.with_name("caf\udce9"))
    before = tree(root)
    done = kgpub(*command, cwd=root)
    assert done.returncode == 2
    assert "is not UTF-8" in done.stderr
    assert "Rename that folder" in done.stderr
    assert tree(root) == before


def test_a_store_that_cannot_be_written_leaves_no_prepared_output(example: Path) -> None:
    script = (
        "import resource, signal\n"
        "from kgpub import Workspace\n"
        "from kgpub.store.embedded import Generations\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "before = Generations.prepare\n"
        "def limited(*args):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))\n"
        "    return before(*args)\n"
        "Generations.prepare = limited\n"
        "Workspace('.').build()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=example, capture_output=True, text=True, check=False
    )
    assert "OutputError" in done.stderr
    assert "the store cannot be written" in done.stderr
    assert {path.name for path in example.iterdir()} == {
        ".gitignore",
        ".kgpub",
        "articles",
        "kgpub.toml",
    }
    assert not list((example / ".kgpub/store").glob("generation-*"))
