"""What `kgpub validate` and `kgpub build` tell of retractions, and what they refuse."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, Run, create_example

from kgpub import Workspace
from kgpub.errors import SubmissionErrors

REPORT = "articles/report"
AGAIN = """article: report
date: 2020-05-05
statements:
  - words: Bo Lind is treasurer.
    asserts:
      - {type: Tenure, person: bo-lind, office: treasurer, current: true}
"""
STILL = "something that is retracted here stays in the dataset, since it is said as well at "
RETRACTED = "retracted: {since: 2026-01-30, because: {en: All of it was invented.}}\n"
PAPER = """article: example
organisations:
  the-example-paper: {name: {ar: جريدة المثال}, kind: media-outlet}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace in which statements, a fact and a whole file are retracted."""
    made = create_example(tmp_path / "workspace")
    shutil.rmtree(made / "articles")
    shutil.copytree(REPOSITORY / "tests/queries/corrected/articles", made / "articles")
    return made


def line_of(path: Path, text: str) -> int:
    return path.read_text(encoding="utf-8").split(text)[0].count("\n") + 1


def since(root: Path, day: str) -> None:
    more = root / REPORT / "more.yaml"
    text = more.read_text(encoding="utf-8")
    more.write_text(text.replace("since: 2020-04-01", f"since: {day}"), encoding="utf-8")


@pytest.mark.parametrize("incremental_from", [1, 10**9])
@pytest.mark.parametrize("as_built", [False, True])
def test_what_another_file_says_still_is_told_at_the_retraction(
    root: Path, incremental_from: int, as_built: bool
) -> None:
    place = Workspace(root, incremental_from=incremental_from)
    place.build()
    (root / REPORT / "again.yaml").write_text(AGAIN, encoding="utf-8")
    # Ada's tenure is told by both files; of one the whole is retracted.
    tenure = line_of(root / REPORT / "facts.yaml", "{type: Tenure, person: ada-birk")
    more = root / REPORT / "more.yaml"
    [told] = retractions(place, more, as_built)
    assert told == (line_of(more, "retracted:"), f"{STILL}{REPORT}/facts.yaml:{tenure}:9")
    # Bo's was retracted with its statement, and is told again by a file that is not built.
    facts = root / REPORT / "facts.yaml"
    line = line_of(facts, "retracted: {since: 2020-02-01")
    expected = [] if as_built else [(line, f"{STILL}{REPORT}/again.yaml:6:9")]
    assert retractions(place, facts, as_built) == expected
    place.build()
    assert retractions(place, facts, as_built) == [(line, f"{STILL}{REPORT}/again.yaml:6:9")]


def retractions(place: Workspace, path: Path, as_built: bool) -> list[tuple[int, str]]:
    """The lines and messages of what is told of retractions, none of which refuses the file."""
    found = place.validate([path], as_built=as_built)
    assert found.accepted
    assert not found.notes
    told = [each for each in found.problems if each.code == "retracted-said-still"]
    assert {each.severity for each in told} <= {"info"}
    return [(each.place.line, each.message) for each in told]


def test_a_build_tells_it_as_well_each_time(root: Path, kgpub: Run) -> None:
    for _ in range(2):  # the second time nothing has changed
        done = kgpub("build", cwd=root)
        assert done.returncode == 0
        assert done.stderr.count(STILL) == 1


def test_other_facts_for_the_same_words_are_a_correction_of_which_nothing_is_told(
    root: Path,
) -> None:
    corrected = AGAIN.replace("current: true", "start: 2019")
    (root / REPORT / "again.yaml").write_text(corrected, encoding="utf-8")
    assert not retractions(Workspace(root), root / REPORT / "facts.yaml", False)


@pytest.mark.parametrize("command", [("validate",), ("validate", "articles/report/more.yaml"),
                                     ("build",), ("release", "--date", "2026-01-30"),
                                     ("site",)])  # fmt: skip
def test_a_day_that_is_yet_to_come_is_refused_at_its_place(
    root: Path, kgpub: Run, command: tuple[str, ...]
) -> None:
    since(root, "2999-01-01")
    done = kgpub(*command, cwd=root)
    assert done.returncode == 1
    told = done.stdout + done.stderr
    line = line_of(root / REPORT / "more.yaml", "since:")
    assert f"more.yaml:{line}:10: error: it is retracted since 2999-01-01" in told
    assert "Retract it when that day has come" in told
    assert not (root / "output").exists()


def test_a_day_has_come_where_days_begin_first(root: Path, kgpub: Run) -> None:
    # 14 hours before UTC it is the next day, or about to be; in two days it is nowhere.
    day = (datetime.now(UTC) + timedelta(hours=14)).date()
    since(root, day.isoformat())
    assert kgpub("build", cwd=root).returncode == 0
    since_then = root / REPORT / "more.yaml"
    text = since_then.read_text(encoding="utf-8")
    later = (day + timedelta(days=2)).isoformat()
    since_then.write_text(text.replace(day.isoformat(), later), encoding="utf-8")
    assert kgpub("build", cwd=root).returncode == 1


def test_what_is_written_depends_on_no_day(root: Path) -> None:
    since(root, "2040-01-01")
    place = Workspace(root)
    with pytest.raises(SubmissionErrors):
        place.build(today=date(2039, 12, 31))
    assert not (root / "output").exists()
    place.build()
    sums = (root / "output/SHA256SUMS").read_bytes()
    for day in (date(2040, 1, 1), date(2050, 6, 6)):
        place.build(fresh=True, today=day)
        assert (root / "output/SHA256SUMS").read_bytes() == sums


def test_what_rests_on_a_retracted_file_is_told_with_the_remedy(tmp_path: Path, kgpub: Run) -> None:
    root = create_example(tmp_path / "example")
    assert kgpub("build", cwd=root).returncode == 0
    facts = root / "articles/example/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("organisations:", f"{RETRACTED}organisations:"), encoding="utf-8")
    done = kgpub("validate", cwd=root)
    assert done.returncode == 1
    line = line_of(facts, "retracted:")
    assert "articles/example/article.yaml:3:12: error" in done.stdout
    remedy = (
        "organisation/the-example-paper was described by what is retracted at "
        f"articles/example/facts.yaml:{line}:1, and by nothing else: describe it in another"
    )
    assert remedy in done.stdout
    (root / "articles/example/paper.yaml").write_text(PAPER, encoding="utf-8")
    done = kgpub("build", cwd=root)
    assert done.returncode == 0, done.stderr
    asked = kgpub("query", "SELECT ?s { ?s a kg:Statement }", "--format", "csv", cwd=root)
    assert asked.stdout.split() == ["s"]


@pytest.mark.parametrize("options", [(), ("--as-built",)])
def test_the_record_of_a_retracted_file_is_validated(
    root: Path, kgpub: Run, options: tuple[str, ...]
) -> None:
    assert kgpub("build", cwd=root).returncode == 0
    more = root / REPORT / "more.yaml"
    text = more.read_text(encoding="utf-8")
    why = "  because: {en: It was submitted by mistake.}\n"
    assert why in text
    line = line_of(more, "retracted:")
    for wrong in ("", "  because: {en: ' By mistake.'}\n"):
        more.write_text(text.replace(why, wrong), encoding="utf-8")
        done = kgpub("validate", str(more), *options, cwd=root)
        assert done.returncode == 1
        assert "A retraction needs its reason under “because”" in done.stdout
        assert f"more.yaml:{line + (2 if wrong else 0)}:" in done.stdout
    # So is what mapping and grounding say of the rest.
    more.write_text(text.replace("Ada Birk was treasurer", "Ada Birk was captain"), "utf-8")
    done = kgpub("validate", str(more), *options, cwd=root)
    assert done.returncode == 1
    words = line_of(more, "  - words:")
    assert re.search(rf"more\.yaml:{words}:[0-9]+: error", done.stdout)


def test_a_fact_that_was_retracted_is_told_with_day_and_reason_where_it_is_said_again(
    root: Path, kgpub: Run
) -> None:
    assert kgpub("build", cwd=root).returncode == 0
    again = root / REPORT / "again.yaml"
    again.write_text(AGAIN, encoding="utf-8")
    done = kgpub("validate", str(again), cwd=root)
    assert done.returncode == 0
    told = "again.yaml:6:9: new: it was retracted on 2020-02-01, and this states it again: "
    assert f"{told}“\u2068He had resigned.\u2069”" in done.stdout
    assert "1 new, 0 already known" in done.stdout
    arabic = kgpub("validate", str(again), "--lang", "ar", cwd=root).stdout
    assert "\u20682020-02-01\u2069" in arabic
    read = json.loads(kgpub("validate", str(again), "-f", "json", cwd=root).stdout)
    assert [(each["outcome"], each["reason"]) for each in read["compared"]] == [
        ("new", "said-again")
    ]
    page = kgpub("validate", str(again), "-f", "html", cwd=root).stdout
    assert "He had resigned." in page
    # What was never retracted is merely new, and what is said again by a build is known.
    again.write_text(AGAIN.replace("current: true", "start: 2019"), encoding="utf-8")
    assert "retracted" not in kgpub("validate", str(again), cwd=root).stdout
    again.write_text(AGAIN, encoding="utf-8")
    assert kgpub("build", cwd=root).returncode == 0
    second = root / REPORT / "second.yaml"
    second.write_text(AGAIN, encoding="utf-8")
    done = kgpub("validate", str(second), cwd=root)
    assert "0 new, 1 already known" in done.stdout
    assert "states it again" not in done.stdout
