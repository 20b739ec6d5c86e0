"""`kgpub diff` as it is called: its forms, its languages, its exit codes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from tests.cli.processes import finished
from tests.conftest import REPOSITORY, Run

DOCUMENTATION = (REPOSITORY / "docs/diff.md").read_text(encoding="utf-8")
FACTS = "articles/example/facts.yaml"


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    """A folder with a release `before`, and a workspace in which a fact has been corrected."""
    root = tmp_path_factory.mktemp("states")
    assert kgpub("init", "workspace", cwd=root).returncode == 0
    workspace = root / "workspace"
    assert kgpub("build", "--output", "../before", cwd=workspace).returncode == 0
    text = (workspace / FACTS).read_text(encoding="utf-8")
    text = text.replace("start: 2019", "start: 2018").replace("en: Al-Waha}", "en: <b>Al-Waha</b>}")
    (workspace / FACTS).write_text(text, encoding="utf-8")
    assert kgpub("build", cwd=workspace).returncode == 0
    return root


def told(kgpub: Run, states: Path, *options: str) -> str:
    done = kgpub("diff", "before", "workspace", *options, cwd=states)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_it_is_told_in_people_s_terms(states: Path, kgpub: Run) -> None:
    lines = told(kgpub, states).replace("\u2068", "").replace("\u2069", "").splitlines()
    assert lines[:3] == [
        "Changes from before to workspace",
        "  Facts and events: 1 changed",
        "  People, organisations, offices, places, groups, topics: 1 changed",
    ]
    at = lines.index("Facts and events") + 1
    assert lines[at].startswith(
        "~ Tenure: Salim Omar, Mayor of Al-Waha (2018)  https://example.org/"
    )
    assert [line.split("│")[1].strip() for line in lines[at + 1 : at + 6]] == [
        "Tenure: Salim Omar, Mayor of Al-Waha (2019)",
        "− 2019",
        "+ 2018",
        "“لسالم عمر الذي تولى المنصب عام 2019”",
        "in بلدية الواحة تنتخب رئيسة جديدة; said by The Example Paper",
    ]


def test_words_from_right_to_left_are_isolated(states: Path, kgpub: Run) -> None:
    text = told(kgpub, states, "--lang", "ckb")
    assert text.count("\u2068") == text.count("\u2069") > 10
    outside = re.sub("\u2068[^\u2068\u2069]*\u2069", "", text)
    assert "https" not in re.sub("https://example.org[^ \n]*", "", outside)
    assert text.startswith("گۆڕانکارییەکان لە \u2068before\u2069 بۆ \u2068workspace\u2069\n")


def test_no_more_is_told_than_is_asked_for(states: Path, kgpub: Run) -> None:
    text = told(kgpub, states, "--limit", "1")
    assert text.count("\n~ ") == 1
    assert text.endswith("… and 2 more\n")
    assert told(kgpub, states, "--limit", "0").count("\n~ ") == 0


def test_the_same_is_told_to_be_the_same(states: Path, kgpub: Run) -> None:
    done = kgpub("diff", "before", "before/dataset.trig", cwd=states)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1:] == ["  There is no difference."]
    for form, lines in (("rdf-patch", 4), ("sparql-update", 0)):
        done = kgpub("diff", "before", "before/dataset.trig", "-f", form, cwd=states)
        assert len(done.stdout.splitlines()) == lines


@pytest.fixture(scope="module")
def document(states: Path, kgpub: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told(kgpub, states, "--format", "json"))
    return found


def test_json_holds_all_that_is_told(document: dict[str, Any]) -> None:
    assert document["counts"]["situations"] == {"changed": 1, "added": 0, "removed": 0}
    assert len(document["changes"]) == 3
    (fact,) = (each for each in document["changes"] if each["section"] == "situations")
    assert fact["change"] == "changed"
    assert fact["before"] != fact["after"]
    (row,) = fact["differences"]
    assert row["property"] == "https://w3id.org/kgpub/ontology#start"
    assert row["removed"] == [{"text": "2019", "language": ""}]
    (statement,) = fact["statements"]
    assert statement["words"] == {"text": "لسالم عمر الذي تولى المنصب عام 2019", "language": "ar"}
    assert statement["article"] == "https://example.org/data/article/example"


def test_the_names_in_json_are_those_that_are_documented(document: dict[str, Any]) -> None:
    def names(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(names, value))
        if isinstance(value, dict):
            return set(value).union(*map(names, value.values()))
        return set()

    section = DOCUMENTATION.partition("## As JSON")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`([A-Za-z0-9]+)`", section))
    assert names(document) <= documented


def test_the_digests_are_those_of_the_sorted_lines(states: Path, document: dict[str, Any]) -> None:
    for side, path in (("before", "before"), ("after", "workspace/output")):
        content = (states / path / "dataset.nq").read_bytes()
        assert document[side]["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl")])
def test_the_page_needs_nothing_but_itself(
    states: Path, kgpub: Run, language: str, direction: str
) -> None:
    text = told(kgpub, states, "--format", "html", "--lang", language)
    assert text.startswith("<!DOCTYPE html>")
    page = html.document_fromstring(text)
    assert (page.get("lang"), page.get("dir")) == (language, direction)
    assert page.xpath("//script | //img | //link | //iframe | //*[@style] | //@onclick") == []
    (style,) = page.xpath("//style/text()")
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert [each.get("class") for each in page.xpath("//ol/li")] == ["changed"] * 3
    assert page.xpath("//blockquote/bdi[@lang='ar']/text()") == [
        "لسالم عمر الذي تولى المنصب عام 2019"
    ]


def test_what_the_data_hold_is_no_markup(states: Path, kgpub: Run) -> None:
    text = told(kgpub, states, "--format", "html", "--lang", "en")
    page = html.document_fromstring(text)
    assert page.xpath("//b") == []
    assert "<b>Al-Waha</b>" in "".join(page.itertext())


def test_the_patch_says_what_the_update_does(states: Path, kgpub: Run) -> None:
    patch = told(kgpub, states, "-f", "rdf-patch").splitlines(keepends=True)
    before, after = (
        set((states / folder / "dataset.nq").read_text(encoding="utf-8").splitlines(keepends=True))
        for folder in ("before", "workspace/output")
    )
    assert {line[2:] for line in patch if line.startswith("D ")} == before - after
    assert {line[2:] for line in patch if line.startswith("A ")} == after - before


def test_it_is_written_to_a_file(states: Path, kgpub: Run, tmp_path: Path) -> None:
    target = tmp_path / "diff.txt"
    assert told(kgpub, states, "-o", str(target)) == ""
    assert target.read_text(encoding="utf-8") == told(kgpub, states)


def test_no_input_is_overwritten(states: Path, kgpub: Run, tmp_path: Path) -> None:
    dump = tmp_path / "x.nq"
    dump.write_bytes(b"")
    done = kgpub("diff", str(dump), "before", "-o", str(dump), cwd=states)
    assert done.returncode == 2
    assert "is one of the files to read" in done.stderr
    (tmp_path / "d1").mkdir()
    content = (states / "before/dataset.nq").read_bytes()
    (tmp_path / "d1/dataset.nq").write_bytes(content)
    workspace = str(states / "workspace")
    done = kgpub("diff", "d1", workspace, "-o", "d1/dataset.nq", cwd=tmp_path)
    assert done.returncode == 2
    assert "is one of the files to read" in done.stderr
    assert (tmp_path / "d1/dataset.nq").read_bytes() == content


@pytest.mark.parametrize("form", ["json", "rdf-patch", "sparql-update"])
def test_what_has_all_changes_takes_no_limit(states: Path, kgpub: Run, form: str) -> None:
    done = kgpub("diff", "before", "workspace", "-f", form, "--limit", "1", cwd=states)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--limit is of no use with {form}" in done.stderr


def test_an_output_that_is_broken_off_is_as_it_was(
    states: Path, kgpub: Run, tmp_path: Path
) -> None:
    """A limit of the size of files stands for a disk that has no more room."""
    target = tmp_path / "diff.html"
    target.write_text("the one before")
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from kgpub.cli import options\n"
        "from kgpub.errors import CallError\n"
        "from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "try:\n"
        "    options.write_to(Path(sys.argv[1]), [b'x' * 5_000] * 3)\n"
        "except CallError as error:\n"
        "    print(error.message)\n"
    )
    done = finished(sys.executable, "-c", script, str(target), cwd=tmp_path)
    assert "diff.html: cannot be written: File too large" in done.stdout
    assert target.read_text() == "the one before"
    assert [each.name for each in tmp_path.iterdir()] == ["diff.html"]


def test_an_output_keeps_its_mode_and_the_links_to_it(
    states: Path, kgpub: Run, tmp_path: Path
) -> None:
    target, link = tmp_path / "diff.txt", tmp_path / "link.txt"
    target.write_text("the one before")
    target.chmod(0o640)
    link.symlink_to(target)
    assert told(kgpub, states, "-o", str(link)) == ""
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == told(kgpub, states)
    assert target.stat().st_mode & 0o777 == 0o640
    assert told(kgpub, states, "-o", "/dev/stdout") == told(kgpub, states)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"<http://a/s> <http://a/p> .\n", 1, "bad.nq:1:27: error: not N-Quads"),
        (b'_:b <http://a/p> "o" .\n', 1, "bad.nq:1:1: error: there is a blank node"),
        (b"<<( <urn:a> <urn:b> " * 100_000, 1, "bad.nq:1:1: error: there is a triple term"),
        (None, 2, "there is no such file or folder"),
    ],
)
def test_bad_input_is_told_with_place_and_exit_code(
    states: Path, kgpub: Run, tmp_path: Path, content: bytes | None, code: int, words: str
) -> None:
    if content is not None:
        (tmp_path / "bad.nq").write_bytes(content)
    for arguments in (("bad.nq", str(states / "before")), (str(states / "before"), "bad.nq")):
        done = kgpub("diff", *arguments, cwd=tmp_path)
        assert done.returncode == code
        assert words in done.stderr
        assert done.stdout == ""
        assert "Traceback" not in done.stderr


def test_it_says_in_arabic_what_is_wrong(states: Path, kgpub: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.nq").write_bytes(b'_:b <http://a/p> "o" .\n')
    done = kgpub("diff", "bad.nq", "bad.nq", "--lang", "ar", cwd=tmp_path)
    assert "عقدة فارغة" in done.stderr


def test_a_full_folder_for_work_is_told(states: Path, tmp_path: Path, kgpub: Run) -> None:
    """A limit of the size of files stands for a disk that has no more room."""
    lines = [f'<http://a/{n:06}> <http://a/p> "o" .\n' for n in range(30_000)]
    (tmp_path / "a.nq").write_text("".join(reversed(lines)), encoding="utf-8")
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from kgpub.cli import main\n"
        f"sys.argv = ['kgpub', 'diff', 'a.nq', {str(states / 'before')!r}]\n"
        "main()\n"
    )
    done = finished(sys.executable, "-c", script, cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot be written: File too large" in done.stderr
    assert "Set TMPDIR" in done.stderr


def test_a_dump_without_graphs_has_the_facts_in_none(states: Path, kgpub: Run) -> None:
    done = kgpub("diff", "before/dataset.jsonld", "before/dataset.ttl", cwd=states)
    assert "There is no difference" in done.stdout
    done = kgpub("diff", "before/dataset.ttl", "before", "-f", "json", cwd=states)
    changes = json.loads(done.stdout)["changes"]
    assert len(changes) > 10
    for change in changes:
        (row,) = change["differences"]
        assert (row["property"], row["removed"]) == ("graph", [{"text": "—", "language": ""}])


@pytest.fixture(scope="module")
def retracted(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    """A folder with a release `before`, and a workspace that has retracted a fact and a statement.

    Another year takes the place of that of the statement; nothing that of the fact.
    """
    root = tmp_path_factory.mktemp("retracted")
    assert kgpub("init", "workspace", cwd=root).returncode == 0
    workspace = root / "workspace"
    assert kgpub("build", "--output", "../before", cwd=workspace).returncode == 0
    text = (workspace / FACTS).read_text(encoding="utf-8")
    words = "  - words: لسالم عمر الذي تولى المنصب عام 2019\n"
    tenure = "{type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: 2019}"
    why = "{since: 2026-01-30, because: {en: The year was wrong., ar: كان العام خطأ.}, by: Desk}"
    again = f"{words}    asserts: [{tenure.replace('2019', '2018')}]\n"
    for old, new in (
        (words, f"{again}{words}    retracted: {why}\n"),
        (
            "object: person/layla-hasan}",
            "object: person/layla-hasan, "
            "retracted: {since: 2026-01-29, because: {en: <b>No.</b>}}}",
        ),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (workspace / FACTS).write_text(text, encoding="utf-8")
    assert kgpub("build", cwd=workspace).returncode == 0
    return root


def test_what_was_retracted_is_told_with_day_and_reason(retracted: Path, kgpub: Run) -> None:
    lines = told(kgpub, retracted).replace("\u2068", "").replace("\u2069", "").splitlines()
    assert lines[1] == "  Facts and events: 1 changed, 1 removed"
    cells = [[part.strip() for part in line.split("│")] for line in lines]
    at = cells.index(["retracted on 2026-01-30", "The year was wrong."])
    assert cells[at - 1] == ["before", "Tenure: Salim Omar, Mayor of Al-Waha (2019)"]
    assert [cell[1] for cell in cells[at + 1 : at + 3]] == ["كان العام خطأ.", "retracted by Desk"]
    at = cells.index(["retracted on 2026-01-29", "<b>No.</b>"])
    assert cells[at - 1][0].startswith("− predecessor of: Salim Omar, Layla Hasan")
    arabic = told(kgpub, retracted, "--lang", "ar").replace("\u2068", "").replace("\u2069", "")
    assert "سُحب في 2026-01-30" in arabic


def test_a_retracted_event_is_told_once_with_all_that_belongs_to_it(
    tmp_path: Path, kgpub: Run
) -> None:
    assert kgpub("init", "workspace", cwd=tmp_path).returncode == 0
    workspace = tmp_path / "workspace"
    assert kgpub("build", "--output", "../before", cwd=workspace).returncode == 0
    text = (workspace / FACTS).read_text(encoding="utf-8")
    why = "    retracted: {since: 2026-01-30, because: {en: It was put off.}}\n"
    first = "رئيسة للبلدية\n    asserts:\n      - id: event/"
    assert text.count(first) == 1
    text = text.replace(first, first.replace("    asserts", f"{why}    asserts"))
    (workspace / FACTS).write_text(text, encoding="utf-8")
    assert kgpub("build", cwd=workspace).returncode == 0
    changes = json.loads(told(kgpub, tmp_path, "--format", "json"))["changes"]
    situations = [each for each in changes if each["section"] == "situations"]
    gone = [each["before"].removeprefix("https://example.org/data/") for each in situations]
    assert sorted(each.partition("/")[0] for each in gone) == ["event", "fact"]
    assert {each["change"] for each in situations} == {"removed"}
    assert {each["retraction"]["since"] for each in situations} == {"2026-01-30"}
    assert not [each for each in changes if "/participation/" in str(each["before"])]


def test_programs_are_told_why_something_is_gone(retracted: Path, kgpub: Run) -> None:
    changes = json.loads(told(kgpub, retracted, "--format", "json"))["changes"]
    found = {each["retraction"]["since"]: each for each in changes if each["retraction"]}
    assert {day: each["change"] for day, each in found.items()} == {
        "2026-01-29": "removed",
        "2026-01-30": "changed",
    }
    why = found["2026-01-30"]["retraction"]
    assert why["record"].startswith("https://example.org/data/retraction/")
    assert {each["language"]: each["text"] for each in why["because"]} == {
        "en": "The year was wrong.",
        "ar": "كان العام خطأ.",
    }
    assert (why["by"], found["2026-01-29"]["retraction"]["by"]) == ("Desk", None)
    assert {each["section"] for each in changes} == {"situations", "submissions"}


def test_a_page_tells_it_and_nothing_in_it_runs(retracted: Path, kgpub: Run) -> None:
    page = told(kgpub, retracted, "--format", "html")
    text = " ".join(html.fromstring(page).text_content().split())
    assert "retracted on 2026-01-30: The year was wrong. كان العام خطأ. retracted by Desk" in text
    assert "&lt;b&gt;No.&lt;/b&gt;" in page
