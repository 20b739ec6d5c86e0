"""Only what has changed is validated, and what is said is what validating everything says."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from benchmarks.corpus import write_workspace
from pyoxigraph import Quad, Triple

from kgpub.errors import SubmissionErrors
from kgpub.model.report import Report
from kgpub.pipeline import validating
from kgpub.pipeline.validating import Validated
from kgpub.pipeline.workspace import Workspace
from kgpub.serialisation import ntriples
from kgpub.validation import Shapes, report_graph
from kgpub.validation.engines import FastEngine as Fast

SEEDS = 3 * int(os.environ.get("KGPUB_RANDOM", "1"))
STEPS = 8
ALL = 10**9


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "workspace"
    write_workspace(folder, 90)
    assert not (folder / ".kgpub").exists()
    return folder


@pytest.fixture
def built(corpus: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    shutil.copytree(corpus, folder)
    Workspace(folder, incremental_from=1).build()
    return folder


def submissions(root: Path) -> list[Path]:
    return sorted(root.glob("articles/*/facts.yaml"))


def without_arabic_name(text: str, chance: Random) -> str:
    return replaced(r"ar: [^,{}]*, (?=en: )", "", text, chance)


def another_person(text: str, chance: Random) -> str:
    people = re.findall(r"^  ([a-z-]+): \{name", text, re.MULTILINE)
    return replaced(r"(?<=person: )[a-z-]+", chance.choice(people), text, chance)


def misspelt_person(text: str, chance: Random) -> str:
    return replaced(r"(?<=person: [a-z]{3})[a-z]", "", text, chance)


def longer_tenure(text: str, chance: Random) -> str:
    return replaced(r"end: \d{4}", f"end: {chance.choice((1985, 2019, 2020))}", text, chance)


def several_holders(text: str, chance: Random) -> str:
    return replaced(", single-holder: true", "", text, chance)


def claimed_item(text: str, chance: Random) -> str:
    item = f"Q{chance.randrange(1, 4)}"
    given = f"\\1, wikidata: {item}, evidence: Said so.}}"
    return replaced(r"(?m)^(  [a-z-]+: \{name: \{[^{}]*\})\}", given, text, chance)


def no_item(text: str, chance: Random) -> str:
    return re.sub(r", wikidata: Q\d+, evidence: [^}]*", "", text)


EDITS: tuple[Callable[[str, Random], str], ...] = (
    *(without_arabic_name, another_person, misspelt_person, longer_tenure),
    *(several_holders, claimed_item, no_item),
)


def replaced(pattern: str, new: str, text: str, chance: Random) -> str:
    """Return `text` with one match of `pattern`, any of them, replaced."""
    matches = list(re.finditer(pattern, text))
    if not matches:
        return text
    match = chance.choice(matches)
    return text[: match.start()] + match.expand(new) + text[match.end() :]


def steps(root: Path, kept: Path, chance: Random) -> Iterator[list[Path]]:
    """Change one file or two, take an article away or put one back; yield what has changed."""
    for _ in range(STEPS):
        folders = sorted(root.glob("articles/*"))
        missing = [path for path in kept.iterdir() if not (root / "articles" / path.name).exists()]
        draw = chance.random()
        if missing and draw < 0.2:
            back = chance.choice(sorted(missing))
            shutil.copytree(back, root / "articles" / back.name)
            yield [root / "articles" / back.name / "facts.yaml"]
        elif draw < 0.3:
            shutil.rmtree(chance.choice(folders))
            yield []
        else:
            changed = chance.sample(submissions(root), chance.randrange(1, 3))
            for path in changed:
                text = path.read_text(encoding="utf-8")
                path.write_text(chance.choice(EDITS)(text, chance), encoding="utf-8")
            yield changed


def told_of(validated: Validated, names: set[str]) -> list[str]:
    return [str(each) for each in validated.problems if each.concerns(names)]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_changes(built: Path, corpus: Path, seed: int) -> None:
    chance = Random(seed)
    whole, partly = Workspace(built, incremental_from=ALL), Workspace(built, incremental_from=1)
    for changed in steps(built, corpus / "articles", chance):
        expected = whole.validate()
        for path in {*changed, chance.choice(submissions(built))}:
            name = path.relative_to(built).as_posix()
            found = partly.validate([path])
            assert [str(each) for each in found.problems] == told_of(expected, {name, "kgpub"})
            assert whole.validate([path]).report == found.report
        try:
            partly.build()
        except SubmissionErrors as refused:
            assert not expected.accepted
            assert [str(each) for each in refused.problems] == list(map(str, expected.problems))
            for path in changed:
                shutil.copy(corpus / path.relative_to(built), path)
            continue
        assert expected.accepted
        assert expected.report is not None
        graph = report_graph(expected.report, whole.settings.base)
        published = (built / "output" / "report.ttl").read_bytes()
        assert as_lines(published) == b"".join(ntriples(graph))


def test_results_go_with_the_article_that_they_are_about(built: Path) -> None:
    workspace = Workspace(built, incremental_from=1)
    new = built / "articles" / "new"
    shutil.copytree(submissions(built)[0].parent, new)
    text = (new / "facts.yaml").read_text(encoding="utf-8")
    text = re.sub("article: report-[0-9]+", "article: new", text)
    text = re.sub(r"(?m)^people:$", "people:\n  nobody: {name: {en: Nobody}}", text)
    (new / "facts.yaml").write_text(text, encoding="utf-8")
    told = workspace.build()
    assert {each.place.file for each in told.problems} == {"articles/new/facts.yaml"}
    assert b"person:nobody" in (built / "output" / "report.ttl").read_bytes()
    assert told.notes == ()
    shutil.rmtree(new)
    told = workspace.build()
    assert (told.problems, told.notes) == ((), ())
    assert b"sh:result" not in (built / "output" / "report.ttl").read_bytes()


def test_a_link_that_another_file_declares_too_stays(built: Path) -> None:
    one, other = submissions(built)[:2]
    person = "  nobody: {name: {ar: لا أحد, en: Nobody}, wikidata: Q5, evidence: Said so.}"
    for path in (one, other):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("people:", f"people:\n{person}"), encoding="utf-8")
    workspace = Workspace(built, incremental_from=1)
    workspace.build()
    question = (
        "SELECT ?link { ?link kg:linkedEntity person:nobody . person:nobody owl:sameAs ?item }"
    )
    for path, expected in ((one, 1), (other, 0)):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(person, person.split(", wiki")[0] + "}"), encoding="utf-8")
        told = workspace.build()
        assert told.notes == ()
        assert [str(each) for each in told.problems] == [
            str(each) for each in Workspace(built, incremental_from=ALL).validate().problems
        ]
        assert len(list(workspace.query(question))) == expected  # type: ignore[arg-type]


def as_lines(turtle: bytes) -> bytes:
    from pyoxigraph import RdfFormat, parse

    return b"".join(ntriples(quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many triples the engine was given, each time it was called."""
    numbers: list[int] = []
    validate = Fast.validate

    def counted(self: Fast, data: Iterable[Quad | Triple], shapes: Shapes) -> Report:
        triples = list(data)
        numbers.append(len(triples))
        return validate(self, triples, shapes)

    monkeypatch.setattr(Fast, "validate", counted)
    return numbers


def test_the_engine_is_given_little_of_the_graph(built: Path, given: list[int]) -> None:
    path = submissions(built)[3]
    path.write_text(misspelt_person(path.read_text(encoding="utf-8"), Random(1)), encoding="utf-8")
    Workspace(built, incremental_from=ALL).validate([path])
    (everything,) = given
    given.clear()
    told = Workspace(built, incremental_from=1).validate([path])
    assert told.problems
    assert told.notes == ()
    assert sum(given) < everything / 4
    given.clear()
    with pytest.raises(SubmissionErrors):
        Workspace(built, incremental_from=1).build()
    assert sum(given) < everything / 4


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text, re.MULTILINE)
    path.write_text(re.sub(old, new, text, flags=re.MULTILINE), encoding="utf-8")


def test_what_an_article_says_of_itself_is_told_with_its_facts(built: Path) -> None:
    path = submissions(built)[0]
    edited(path.with_name("article.yaml"), "^publisher: .*", "publisher: nobody-knows-it")
    whole, partly = Workspace(built, incremental_from=ALL), Workspace(built, incremental_from=1)
    expected, found = whole.validate([path]), partly.validate([path])
    assert expected.report == found.report
    assert expected.report is not None
    assert not expected.report.conforms
    assert not expected.accepted
    assert list(map(str, expected.problems)) == list(map(str, found.problems))
    assert not found.accepted


def test_a_submission_under_another_name_is_no_damage(built: Path) -> None:
    path = submissions(built)[0]
    workspace = Workspace(built, incremental_from=1)
    path.rename(path.with_suffix(".yml"))
    found = workspace.validate([path.with_suffix(".yml")])
    assert (found.notes, found.accepted) == ((), True)
    assert workspace.build().notes == ()


def test_nothing_is_suggested_that_the_change_takes_away(built: Path) -> None:
    path = submissions(built)[0]
    person = "  nobody-knows: {name: {ar: لا أحد, en: Nobody}}"
    edited(path, "^people:$", f"people:\n{person}")
    whole, partly = Workspace(built, incremental_from=ALL), Workspace(built, incremental_from=1)
    partly.build()
    edited(path, re.escape(f"{person}\n"), "")
    edited(path, "(?<=person: )[a-z-]+", "nobody-know")
    expected, found = whole.validate([path]), partly.validate([path])
    assert list(map(str, expected.problems)) == list(map(str, found.problems))
    assert "nobody-knows" not in "".join(map(str, found.problems))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE state SET value = 'garbage <' WHERE name = 'literals'",
        "INSERT INTO verdicts VALUES ('<urn:a>', '<urn:b>', '<urn:c>', '[[')",
        "INSERT INTO verdicts VALUES ('<urn:a>', '<urn:b>', '<urn:c>', '[[1]]')",
        "INSERT INTO verdicts VALUES ('<urn:a>', 'b', '<urn:c>', '[]')",
    ],
)
def test_damaged_verdicts_are_told_and_made_anew(built: Path, damage: str) -> None:
    with sqlite3.connect(built / ".kgpub" / "cache.sqlite") as connection:
        connection.execute(damage)
    connection.close()
    path = submissions(built)[0]
    edited(path, "\\Z", "\n# a comment\n")
    told = Workspace(built, incremental_from=1).build()
    assert "cannot be read" in told.notes[0]
    edited(path, "a comment", "another")
    assert Workspace(built, incremental_from=1).build().notes == ()


def _next_page_of(content: bytearray, size: int) -> int:
    """Where a page that a long list of literals goes on in tells which page comes next."""
    inside = content.index(b"<urn:n> <", content.index(b"<urn:n> <") + 2 * size)
    return inside - inside % size


@pytest.mark.parametrize("damaged", ["literals", "published_by_graph"])
def test_a_damaged_page_is_no_empty_list(built: Path, damaged: str) -> None:
    path = built / ".kgpub" / "cache.sqlite"
    with sqlite3.connect(path) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = connection.execute(query, (damaged,)).fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    at = _next_page_of(content, size) if page is None else size * (page[0] - 1)
    content[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    edited(submissions(built)[0], "(?<=ar: )", "من ")
    expected = Workspace(built, incremental_from=ALL).validate([submissions(built)[0]])
    for as_built in (False, True):
        partly = Workspace(built, incremental_from=1)
        found = partly.validate([submissions(built)[0]], as_built=as_built)
        assert "everything is" in found.notes[0]
        assert list(map(str, found.problems)) == list(map(str, expected.problems))


def test_what_was_kept_for_other_kinds_is_no_use_and_that_is_told(built: Path) -> None:
    (built / "kinds.ttl").write_text("# nothing\n", encoding="utf-8")
    workspace = Workspace(built, incremental_from=1)
    assert "not those of the last build" in workspace.validate([submissions(built)[0]]).notes[0]
    assert "not those of the last build" in workspace.build().notes[0]
    assert workspace.validate([submissions(built)[0]]).notes == ()


def test_a_build_meanwhile_changes_nothing_for_who_reads(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = submissions(built)[0]
    entry = "  nobody: {name: {ar: لا أحد, en: Nobody}, wikidata: Q101, evidence: Said so.}"
    edited(path, "^people:$", f"people:\n{entry}")
    partly = Workspace(built, incremental_from=1)
    partly.build()
    edited(path, "Q101", "Q202")
    expected = list(map(str, Workspace(built, incremental_from=ALL).validate([path]).problems))
    differing = validating.differing

    def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(validating, "differing", differing)
        found = differing(*arguments)
        Workspace(built, incremental_from=1).build()
        return found

    monkeypatch.setattr(validating, "differing", meanwhile)
    assert list(map(str, partly.validate([path]).problems)) == expected
    assert validating.differing is differing


def test_files_alone_are_told_of_as_with_all_the_others(built: Path, given: list[int]) -> None:
    path = submissions(built)[2]
    edited(path, "(?<=person: [a-z]{3})[a-z]", "")
    workspace = Workspace(built, incremental_from=1)
    expected, alone = workspace.validate([path]), workspace.validate([path], as_built=True)
    assert expected.problems
    assert list(map(str, alone.problems)) == list(map(str, expected.problems))
    assert (alone.report, alone.notes) == (expected.report, ())
    assert [part.file for part in alone.dataset.parts] == [
        f"articles/{path.parent.name}/{name}" for name in ("article.yaml", "facts.yaml")
    ]
    # Another file that has changed since does not count.
    edited(submissions(built)[4], "(?<=person: [a-z]{3})[a-z]", "")
    assert list(map(str, workspace.validate([path], as_built=True).problems)) == list(
        map(str, expected.problems)
    )


def test_files_alone_without_a_build_to_go_by(built: Path) -> None:
    path = submissions(built)[2]
    workspace = Workspace(built, incremental_from=1)
    shutil.rmtree(built / ".kgpub")
    told = workspace.validate([path], as_built=True)
    assert (told.accepted, len(told.dataset.parts)) == (True, 2 * len(submissions(built)))
    assert "no build has kept" in told.notes[0]


def test_a_submission_from_elsewhere_about_an_article_that_lies_elsewhere(
    built: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "facts.yaml"
    for slug in ("../secret", "report-0000", "."):
        outside.write_text(f"article: {slug}\n", encoding="utf-8")
        told = Workspace(built, incremental_from=1).validate([outside], as_built=True)
        assert [each.code for each in told.problems] == ["article-unknown"]


def test_as_built_a_clash_is_told_at_both_files(built: Path) -> None:
    one, other = submissions(built)[:2]
    person = "  nobody: {{name: {{ar: {}, en: Nobody}}}}"
    edited(one, "^people:$", "people:\n" + person.format("لا أحد"))
    Workspace(built, incremental_from=1).build()
    edited(other, "^people:$", "people:\n" + person.format("لا احد"))
    whole = Workspace(built, incremental_from=ALL).validate([other])
    found = Workspace(built, incremental_from=1).validate([other], as_built=True)
    assert found.notes == ()
    (clash,) = (each for each in found.problems if each.severity == "error")
    assert clash.place.file == other.relative_to(built).as_posix()
    assert [place.file for place in clash.related] == [one.relative_to(built).as_posix()]
    assert list(map(str, found.problems)) == list(map(str, whole.problems))
