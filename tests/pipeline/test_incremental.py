"""Only what has changed is validated, and what is said is what validating everything says."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from benchmarks.corpus import write_workspace

from kgpub.errors import SubmissionErrors
from kgpub.pipeline.validating import Validated
from kgpub.pipeline.workspace import Workspace
from kgpub.serialisation import ntriples
from kgpub.validation import report_graph

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
