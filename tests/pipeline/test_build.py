"""Building a workspace: what is written, what is left alone, and what a crash leaves behind."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock
from pyoxigraph import RdfFormat, Store, parse
from tests.conftest import Run

from kgpub import Workspace
from kgpub.errors import OutputError, StoreError, StoreLocked, SubmissionErrors
from kgpub.pipeline import workspace as workspace_module
from kgpub.pipeline.initial import create_workspace

FACTS = "articles/example/facts.yaml"


def snapshot(folder: Path) -> dict[str, str]:
    """The checksum of each file by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def edit(root: Path, old: str, new: str, file: str = FACTS) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(root: Path, text: str) -> int:
    """The line of the facts in which `text` stands, from 1."""
    lines = (root / FACTS).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_the_four_dumps_hold_the_same_triples(example: Path) -> None:
    Workspace(example).build()
    formats = {
        "ttl": RdfFormat.TURTLE,
        "nq": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "jsonld": RdfFormat.JSON_LD,
    }
    triples = {
        name: {
            quad.triple for quad in parse(path=str(example / f"output/dataset.{name}"), format=form)
        }
        for name, form in formats.items()
    }
    assert len(triples["nq"]) > 50
    assert triples["ttl"] == triples["nq"] == triples["trig"] == triples["jsonld"]


def test_the_checksums_are_those_of_sha256sum(example: Path) -> None:
    Workspace(example).build()
    subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=example / "output",
        check=True,
    )
    listed = {
        line.split("  ")[1] for line in (example / "output/SHA256SUMS").read_text().splitlines()
    }
    assert listed | {"SHA256SUMS"} == set(snapshot(example / "output"))


def test_building_again_changes_nothing(example: Path) -> None:
    first = Workspace(example).build()
    before = snapshot(example / "output")
    again = Workspace(example).build()
    assert (first.unchanged, again.unchanged) == (False, True)
    assert snapshot(example / "output") == before


def test_a_damaged_output_is_written_again(example: Path) -> None:
    Workspace(example).build()
    before = snapshot(example / "output")
    (example / "output/dataset.ttl").write_bytes(b"")
    (example / "output/report.ttl").unlink()
    assert not Workspace(example).build().unchanged
    assert snapshot(example / "output") == before


def test_only_what_changed_is_read_again_and_the_result_is_that_from_nothing(
    example: Path, tmp_path: Path
) -> None:
    shutil.copytree(example / "articles/example", example / "articles/second")
    edit(example, "article: example", "article: second", "articles/second/facts.yaml")
    Workspace(example).build()
    edit(example, "Salim Omar", "Saleem Omar")
    edit(example, "Salim Omar", "Saleem Omar", "articles/second/facts.yaml")
    built = Workspace(example).build()
    assert (built.fresh, built.files) == (2, 4)

    other = tmp_path / "elsewhere"
    shutil.copytree(example, other, ignore=shutil.ignore_patterns(".kgpub", "output"))
    Workspace(other).build()
    assert snapshot(other / "output") == snapshot(example / "output")
    assert stored(other) == stored(example)


def stored(root: Path) -> set[str]:
    return {str(quad) for quad in Workspace(root).store().store}


def test_a_removed_submission_takes_its_graph_along_and_nothing_else(example: Path) -> None:
    extra = example / "articles/example/places.csv"
    extra.write_text("id,name@ar,name@en\nal-bahr,البحر,Al-Bahr\n", encoding="utf-8")
    Workspace(example).build()
    with_extra = stored(example)
    extra.unlink()
    Workspace(example).build()
    gone = with_extra - stored(example)
    places = "https://example.org/data/submission/example/places"
    assert {part for quad in gone for part in quad.split()[3:]} == {f"<{places}>"}
    assert stored(example) <= with_extra


def test_the_same_bytes_in_other_surroundings(example: Path, tmp_path: Path) -> None:
    other = tmp_path / "a folder with ünïcode"
    shutil.copytree(example, other)
    script = "from kgpub import Workspace; Workspace('.').build()"
    for root, surroundings in (
        (example, {"TZ": "Asia/Baghdad", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
        (other, {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "2"}),
    ):
        subprocess.run(
            [sys.executable, "-c", script], cwd=root, check=True, env={**os.environ, **surroundings}
        )
    assert snapshot(example / "output") == snapshot(other / "output")


def test_refused_data_leave_store_and_output_as_they_were(example: Path) -> None:
    Workspace(example).build()
    before, quads = snapshot(example / "output"), stored(example)
    edit(example, "سنبدأ بإصلاح", "سنبدا بإصلاح")
    line = line_of(example, "سنبدا")
    with pytest.raises(SubmissionErrors, match=rf"facts\.yaml:{line}:12: error"):
        Workspace(example).build()
    assert (snapshot(example / "output"), stored(example)) == (before, quads)


def test_all_errors_are_told_at_once(example: Path) -> None:
    edit(example, "سنبدأ بإصلاح", "سنبدا بإصلاح")
    edit(example, "start: 2019", "strat: 2019")
    edit(example, "jurisdiction: al-waha", "jurisdiction: Al Waha")
    with pytest.raises(SubmissionErrors) as caught:
        Workspace(example).build()
    lines = [problem.place.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_two_files_that_disagree_about_one_identifier(example: Path) -> None:
    extra = example / "articles/example/people.csv"
    extra.write_text("id,name@en\nlayla-hasan,Leila Hassan\n", encoding="utf-8")
    with pytest.raises(SubmissionErrors) as caught:
        Workspace(example).build()
    text = str(caught.value)
    assert "articles/example/people.csv:2" in text
    assert f"articles/example/facts.yaml:{line_of(example, 'Layla Hasan')}:" in text


def test_another_build_holds_the_lock(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace_module, "LOCK_SECONDS", 0.1)
    Workspace(example).build()
    with FileLock(example / ".kgpub/lock"), pytest.raises(StoreLocked, match="another kgpub"):
        Workspace(example).build()
    assert Workspace(example).build().unchanged


def test_a_damaged_store_is_an_error_to_a_query_and_mended_by_a_build(example: Path) -> None:
    workspace = Workspace(example)
    workspace.build()
    quads = stored(example)
    current = workspace.generations.current()
    assert current is not None
    (current / "CURRENT").write_text("garbage")
    with pytest.raises(StoreError, match="damaged"):
        Workspace(example).query("ASK {}")
    edit(example, "Salim", "Saleem")
    Workspace(example).build()
    edit(example, "Saleem", "Salim")
    Workspace(example).build()
    assert stored(example) == quads


def test_a_damaged_cache_is_made_anew(example: Path) -> None:
    Workspace(example).build()
    before = snapshot(example / "output")
    (example / ".kgpub/cache.sqlite").write_bytes(b"not a database" * 1000)
    Workspace(example).build()
    assert snapshot(example / "output") == before


def test_a_query_before_any_build(example: Path) -> None:
    with pytest.raises(StoreError, match="nothing is built yet"):
        Workspace(example).query("ASK {}")


def test_a_query_reads_on_while_builds_go_by(example: Path) -> None:
    Workspace(example).build()
    opened = Workspace(example).store()
    count = len(opened.store)
    for name in ("Saleem", "Salem", "Selim"):
        edit(example, "en: Salim", f"en: {name}")
        Workspace(example).build()
        edit(example, f"en: {name}", "en: Salim")
        assert len(list(opened.store)) == count


def full_disk(root: Path) -> None:
    """Build, with the output too large for the disk; in a process of its own."""
    script = (
        "import resource, signal\n"
        "from pathlib import Path\n"
        "from kgpub.pipeline.output import OutputFolder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))\n"
        "folder = OutputFolder(Path('output').absolute())\n"
        "folder.prepare({'dataset.nq': [b'x' * 100_000]}, written=folder.listing)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert "OutputError" in done.stderr
    assert "previous output is unchanged" in done.stderr


def test_a_full_disk_leaves_the_previous_output_whole(example: Path) -> None:
    Workspace(example).build()
    before = snapshot(example / "output")
    full_disk(example)
    assert snapshot(example / "output") == before
    assert not list(example.glob(".output*"))
    assert Workspace(example).build().unchanged


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="mounts a small disk")
def test_a_full_file_system_leaves_everything_as_it_was(example: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this system does not let a test mount a file system")
    try:
        root = disk / "workspace"
        shutil.copytree(example, root)
        Workspace(root).build()
        before, quads = snapshot(root / "output"), stored(root)
        edit(root, "Salim", "Saleem")
        free = shutil.disk_usage(disk).free
        (disk / "filler").write_bytes(b"\0" * (free - 60_000))
        with pytest.raises(OutputError):
            Workspace(root).build()
        assert (snapshot(root / "output"), stored(root)) == (before, quads)
        (disk / "filler").unlink()
        assert not Workspace(root).build().unchanged
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_killed_build_leaves_the_old_state_or_the_new_one(example: Path) -> None:
    Workspace(example).build()
    old, old_quads = snapshot(example / "output"), stored(example)
    edit(example, "en: Salim", "en: Saleem")
    pristine = example.with_name("pristine")
    shutil.copytree(example, pristine)
    Workspace(pristine).build()
    new, new_quads = snapshot(pristine / "output"), stored(pristine)
    assert new != old
    script = "from kgpub import Workspace; print('ready', flush=True); Workspace('.').build()"
    for delay in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
        process = subprocess.Popen(
            [sys.executable, "-c", script], cwd=example, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
        process.wait()
        process.stdout.close()
        assert stored(example) in (old_quads, new_quads)
        if (example / "output").exists():
            assert snapshot(example / "output") in (old, new)
    Workspace(example).build()
    assert (snapshot(example / "output"), stored(example)) == (new, new_quads)


def test_files_of_others_in_the_output_folder_are_not_deleted(example: Path) -> None:
    (example / "output").mkdir()
    (example / "output/thesis.doc").write_text("years of work")
    with pytest.raises(OutputError, match=r"did not write: thesis\.doc"):
        Workspace(example).build()
    assert (example / "output/thesis.doc").read_text() == "years of work"


def test_an_article_that_changes_is_grounded_again(example: Path) -> None:
    Workspace(example).build()
    edit(example, "وقالت حسن:", "ثم قالت السيدة حسن، وقالت حسن:", "articles/example/article.txt")
    Workspace(example).build()
    query = (
        "SELECT ?start { ?s kg:words ?w ; kg:passage/oa:start ?start "
        "FILTER(CONTAINS(?w, 'سنبدأ')) }"
    )
    row = next(iter(Workspace(example).query(query)))
    text = (example / "articles/example/article.txt").read_text(encoding="utf-8")
    assert int(row["start"].value) == text.index("سنبدأ")
    edit(example, "سنبدأ بإصلاح شبكة", "سنبدأ بتجديد شبكة", "articles/example/article.txt")
    with pytest.raises(SubmissionErrors, match=rf"facts\.yaml:{line_of(example, 'سنبدأ')}:12"):
        Workspace(example).build()


KINDS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix kind: <https://w3id.org/kgpub/kind#> .
@prefix own: <https://example.org/kinds#> .

own:by-election a skos:Concept ;
    skos:prefLabel "by-election"@en ;
    skos:inScheme kind:EventKind .
"""


def test_a_kind_of_the_publishers_own(example: Path) -> None:
    edit(example, "kind: election", "kind: https://example.org/kinds#by-election")
    with pytest.raises(SubmissionErrors):
        Workspace(example).build()
    (example / "kinds.ttl").write_text(KINDS, encoding="utf-8")
    Workspace(example).build()
    assert (example / "output/ontology/kinds.ttl").is_file()


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("<https://example.org/data/person/layla-hasan> skos:prefLabel 'x' .", "10:1: .*elsewhere"),
        ("kind:election skos:prefLabel 'x' .", "defined elsewhere"),
        ("own:by-election <http://www.w3.org/2002/07/owl#sameAs> own:x .", "10:17: .*SPACE"),
        ("[] a skos:Concept ; skos:inScheme kind:EventKind .", "blank node"),
        ("own:other a skos:Concept ; skos:inScheme kind:EventKind .", "10:1: .*no label"),
        ("own:other a skos:Concept ; skos:prefLabel 'x' .", "10:1: .*in no scheme"),
        ("own:other skos:inScheme kind:EventKind ; skos:prefLabel 'x' .", "10:1: .*skos:Concept"),
        ("own:other a", "not readable as Turtle"),
        ("# " + "x" * 2_000_000, "bytes"),
    ],
)
def test_kinds_say_nothing_but_what_kinds_are(example: Path, added: str, message: str) -> None:
    (example / "kinds.ttl").write_text(f"{KINDS}\n{added}\n", encoding="utf-8")
    pattern = message.replace("SPACE", "says more than what a kind is")
    with pytest.raises(SubmissionErrors, match=rf"kinds\.ttl:(?s:.*){pattern}"):
        Workspace(example).build()


def test_a_folder_in_the_place_of_the_kinds(example: Path) -> None:
    (example / "kinds.ttl").mkdir()
    with pytest.raises(SubmissionErrors, match=r"kinds\.ttl:1:1: error: is no regular file"):
        Workspace(example).build()


def test_files_that_are_not_read_are_told(example: Path) -> None:
    for name in ("articles/facts.yaml", "articles/example/people.tsv", "articles/example/more.ttl"):
        (example / name).write_text("x", encoding="utf-8")
    (example / "articles/example/inner").mkdir()
    (example / "articles/example/NOTES.md").write_text("x", encoding="utf-8")
    first, again = Workspace(example).build(), Workspace(example).build()
    assert again.unchanged
    for built in (first, again):
        assert [problem.place.file for problem in built.problems] == [
            "articles/example/inner",
            "articles/example/more.ttl",
            "articles/example/people.tsv",
            "articles/facts.yaml",
        ]
        assert {problem.severity for problem in built.problems} == {"warning"}


def test_the_rdflib_graph_reads_the_store_itself(example: Path) -> None:
    workspace = Workspace(example)
    workspace.build()
    graph = workspace.graph()
    rows = list(graph.query("SELECT ?p { ?p a kg:Person }"))
    assert {str(row[0]) for row in rows} == {
        "https://example.org/data/person/layla-hasan",
        "https://example.org/data/person/salim-omar",
    }
    assert len(graph) == len(
        {quad.triple for quad in Store.read_only(str(workspace.generations.current()))}
    )


def test_several_workspaces_do_not_share_identifiers(example: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    create_workspace(other, "https://example.com/x/", "T", "P", "https://example.com/licence")
    Workspace(other).build()
    Workspace(example).build()
    iris = (other / "output/dataset.nq").read_text(encoding="utf-8")
    assert "https://example.org/data/" not in iris


def test_an_output_of_other_data_is_not_up_to_date(example: Path, tmp_path: Path) -> None:
    Workspace(example).build(output=tmp_path / "elsewhere")
    edit(example, 'title = "Example"', 'title = "Changed"', "kgpub.toml")
    Workspace(example).build()
    assert not Workspace(example).build(output=tmp_path / "elsewhere").unchanged
    assert "Changed" in (tmp_path / "elsewhere/dataset.ttl").read_text(encoding="utf-8")


def test_another_engine_validates_again(example: Path) -> None:
    Workspace(example).build()
    assert not Workspace(example).build(engine_name="pyshacl").unchanged


def test_the_report_does_not_depend_on_the_reader(example: Path, kgpub: Run) -> None:
    edit(example, ", en: Salim Omar", "")
    reports = set()
    for language, word in (("ar", "ملاحظة"), ("ckb", "تێبینی"), ("en", "info")):
        built = kgpub("build", "--fresh", "--lang", language, cwd=example)
        assert (built.returncode, built.stderr.count(f": {word}: ")) == (0, 1)
        reports.add((example / "output/report.txt").read_text(encoding="utf-8"))
        reports.add((example / "output/report.ttl").read_text(encoding="utf-8"))
    assert len(reports) == 2
    assert any("facts.yaml:9" in report for report in reports)


def test_a_number_that_leads_elsewhere_stays_an_error_until_it_is_mended(example: Path) -> None:
    twice = "رئيسة"
    path = example / "articles/example/facts.yaml"
    extra = f"  - words: {twice}\n    occurrence: 2\n    about: [person/layla-hasan]\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    text = (example / "articles/example/article.txt").read_text(encoding="utf-8")
    assert text.count(twice) == 2
    Workspace(example).build()
    edit(
        example,
        "بلدية الواحة تنتخب",
        "رئيسة أخرى؟ بلدية الواحة تنتخب",
        "articles/example/article.txt",
    )
    edit(example, "single-holder: true", "single-holder: maybe")
    for _ in range(2):
        with pytest.raises(SubmissionErrors, match="Write occurrence: 3") as caught:
            Workspace(example).build()
        assert len(caught.value.problems) == 2
    edit(example, "single-holder: maybe", "single-holder: true")
    with pytest.raises(SubmissionErrors, match="Write occurrence: 3"):
        Workspace(example).build()
    edit(example, "occurrence: 2", "occurrence: 3")
    Workspace(example).build()
    incremental = snapshot(example / "output")
    Workspace(example).build(fresh=True)
    assert snapshot(example / "output") == incremental


def test_a_number_that_is_meant_to_lead_elsewhere_is_built_from_nothing(example: Path) -> None:
    path = example / "articles/example/facts.yaml"
    extra = "  - words: رئيسة\n    occurrence: 2\n    about: [person/layla-hasan]\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    Workspace(example).build()
    edit(example, "بلدية الواحة تنتخب", "رئيسة؟ بلدية الواحة تنتخب", "articles/example/article.txt")
    with pytest.raises(SubmissionErrors, match="--fresh"):
        Workspace(example).build()
    Workspace(example).build(fresh=True)
    assert Workspace(example).build().unchanged


def test_the_order_of_speakers_does_not_matter(example: Path) -> None:
    both = "[person/layla-hasan, person/salim-omar]"
    edit(example, "said-by: person/layla-hasan", f"said-by: {both}")
    Workspace(example).build()
    before = stored(example)
    edit(example, both, "[person/salim-omar, person/layla-hasan]")
    Workspace(example).build()
    changed = {quad for quad in stored(example) ^ before if "checksum" not in quad}
    assert changed == set()


@pytest.mark.parametrize("table", ["mapped", "published"])
def test_damaged_content_of_the_cache_is_read_again(example: Path, table: str) -> None:
    import sqlite3

    Workspace(example).build()
    before = snapshot(example / "output")
    with sqlite3.connect(example / ".kgpub/cache.sqlite") as connection:
        connection.execute(f"UPDATE {table} SET quads = x'00ff'")
        connection.execute("DELETE FROM state")
    connection.close()
    Workspace(example).build()
    assert snapshot(example / "output") == before


@pytest.mark.parametrize("content", ["{}", "[]", "null", '{"format": 1, "graphs": 2}', "{"])
def test_damaged_digests_of_the_store_are_no_use(example: Path, content: str) -> None:
    workspace = Workspace(example)
    workspace.build()
    quads = stored(example)
    current = workspace.generations.current()
    assert current is not None
    (current / "digests.json").write_text(content)
    assert not Workspace(example).build().unchanged
    assert stored(example) == quads
