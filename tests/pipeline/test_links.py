"""Files of links in a workspace: built, changed and removed, the same as from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from kgpub import Workspace
from kgpub.errors import SubmissionErrors
from kgpub.pipeline.initial import create_workspace
from kgpub.vocabulary import OWL, WIKIDATA

BASE = "https://example.org/data/"
REVIEWED = "entity,item,decision,day,by,note\n"
FOUND = "entity,item,outcome,method,score,evidence,looked-up-in,day\n"
LAYLA = "person/layla-hasan,Q42,linked,gazetteer,0.99,Same name.,G 1,2026-11-30\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    create_workspace(tmp_path / "w", BASE, "Title", "Publisher", "https://example.org/licence")
    return tmp_path / "w"


def links(root: Path) -> set[tuple[str, str]]:
    """What the store that was built says is the same, in any graph."""
    store = Store.read_only(str(Workspace(root).generations.current()))
    return {
        (quad.subject.value.removeprefix(BASE), quad.object.value.removeprefix(WIKIDATA))
        for quad in store.quads_for_pattern(None, NamedNode(OWL + "sameAs"), None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }


def dumps(root: Path) -> dict[str, bytes]:
    folder = root / "output"
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}


@pytest.mark.parametrize("incremental_from", [1, 10_000])
def test_every_change_of_the_files_gives_what_a_build_from_nothing_gives(
    root: Path, incremental_from: int
) -> None:
    def build() -> set[tuple[str, str]]:
        Workspace(root, incremental_from=incremental_from).build()
        kept = dumps(root)
        found = links(root)
        Workspace(root, incremental_from=incremental_from).build(fresh=True)
        assert dumps(root) == kept
        return found

    assert build() == set()
    (root / "links-found.csv").write_text(FOUND + LAYLA)
    assert build() == {("person/layla-hasan", "Q42")}
    (root / "links.csv").write_text(REVIEWED + "person/layla-hasan,Q42,rejected,,,\n")
    assert build() == set()
    (root / "links.csv").write_text(REVIEWED + "person/layla-hasan,Q7,accepted,,,\n")
    assert build() == {("person/layla-hasan", "Q7")}
    (root / "links-found.csv").unlink()
    assert build() == {("person/layla-hasan", "Q7")}
    (root / "links.csv").unlink()
    assert build() == set()


def test_what_the_shapes_refuse_is_told_at_the_line_of_the_file(root: Path) -> None:
    (root / "links.csv").write_text(REVIEWED + "person/nobody,Q42,accepted,,,\n")
    (root / "links-found.csv").write_text(FOUND + LAYLA.replace("layla-hasan", "layla-hassan"))
    with pytest.raises(SubmissionErrors) as raised:
        Workspace(root).build()
    places = {(each.place.file, each.place.line, each.code) for each in raised.value.problems}
    assert places == {
        ("links.csv", 2, "Link-linkedEntity"),
        ("links-found.csv", 2, "Link-linkedEntity"),
    }


def test_two_entities_with_one_item_are_refused(root: Path) -> None:
    accepted = "person/layla-hasan,Q42,accepted,,,\nperson/salim-omar,Q42,accepted,,,\n"
    (root / "links.csv").write_text(REVIEWED + accepted)
    with pytest.raises(SubmissionErrors) as raised:
        Workspace(root).build()
    assert {each.code for each in raised.value.problems} == {"SameItem"}
    for each in raised.value.problems:
        assert each.remedy.startswith("The items stand at: links.csv:2:20, links.csv:3:19.\n")


def test_what_is_wrong_with_one_file_is_told_once(root: Path) -> None:
    (root / "links.csv").write_text(REVIEWED + "person/layla-hasan,q42,accepted,,,\n")
    (root / "links-found.csv").write_text(FOUND + LAYLA)
    with pytest.raises(SubmissionErrors) as raised:
        Workspace(root).build()
    assert [str(each.place) for each in raised.value.problems] == ["links.csv:2:20"]
    assert not (root / "output").exists()


FACTS = """article: one
people:
  layla-hasan: {name: {en: Layla Hasan}, wikidata: Q42, evidence: The same office.}
organisations:
  paper: {name: {en: The Paper}, kind: media-outlet}
statements:
  - words: Layla Hasan works at The Paper
    asserts:
      - {type: Occupation, person: layla-hasan, organisation: paper, kind: journalism}
"""


@pytest.fixture
def declared(root: Path) -> Path:
    """A workspace with an article that declares an item, at its line 3."""
    folder = root / "articles" / "one"
    folder.mkdir()
    (folder / "article.txt").write_text("Layla Hasan works at The Paper.\n")
    metadata = "title: {en: One}\nlanguage: en\npublisher: paper\n"
    (folder / "article.yaml").write_text(metadata)
    (folder / "facts.yaml").write_text(FACTS.replace("layla-hasan", "nour-hasan"))
    Workspace(root).build()
    return root


def refused(root: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(SubmissionErrors) as raised:
        Workspace(root).build()
    return [
        (str(each.place), each.message, each.remedy)
        for each in raised.value.problems
        if each.severity == "error"
    ]


def test_an_item_that_is_declared_and_rejected_is_an_error_at_the_declaration(
    declared: Path,
) -> None:
    (declared / "links.csv").write_text(REVIEWED + "\nperson/nour-hasan,Q42,rejected,,,\n")
    for _ in range(2):  # what was refused is not taken for sound
        ((place, message, remedy),) = refused(declared)
        assert place == "articles/one/facts.yaml:3:51"
        assert message == (
            "Q42 is declared for person/nour-hasan, for which Q42 is rejected at links.csv:3:19"
        )
        assert "links.csv:3:19" in remedy
    facts = declared / "articles" / "one" / "facts.yaml"
    alone = Workspace(declared).validate([facts], as_built=True)
    assert [each.code for each in alone.problems] == ["declared-rejected"]
    (declared / "links.csv").write_text(REVIEWED + "person/nour-hasan,Q43,rejected,,,\n")
    Workspace(declared).build()
    assert Workspace(declared).build().unchanged
    facts.write_text(facts.read_text().replace("Q42", "Q43"))
    assert len(refused(declared)) == 1


def test_a_decision_about_no_entity_is_a_warning_with_the_nearest_slug(declared: Path) -> None:
    rows = "person/nour-hassan,Q42,rejected,,,\nperson/nour-hasan,,none,,,\nplace/wah,,none,,,\n"
    (declared / "links.csv").write_text(REVIEWED + rows)
    built = Workspace(declared).build()
    told = {str(each.place): each for each in built.problems if each.place.file == "links.csv"}
    assert set(told) == {"links.csv:2:1", "links.csv:4:1"}
    assert all(each.severity == "warning" for each in told.values())
    assert "Did you mean person/nour-hasan?" in told["links.csv:2:1"].remedy
    again = Workspace(declared).build()
    assert again.unchanged
    assert [each for each in again.problems if each.place.file == "links.csv"] == list(
        told.values()
    )


@pytest.mark.parametrize(
    "row",
    [
        "person/nour-hasan,Q7,linked,gazetteer,0.99,Same name.,G 1,2026-11-30\n",
        "person/layla-hasan,Q42,linked,gazetteer,0.99,Same name.,G 1,2026-11-30\n",
        "person/gone,Q7,candidate,gazetteer,0.99,Same name.,G 1,2026-11-30\n",
        "person/gone,Q7,candidate\n",
        "<<<<<<< ours\n",
    ],
)
def test_what_was_found_and_no_longer_fits_says_how_to_find_it_anew(
    declared: Path, row: str
) -> None:
    (declared / "links-found.csv").write_text(FOUND + row)
    problems = refused(declared)
    assert problems
    for _, _, remedy in problems:
        assert remedy.startswith("Run `kgpub link`: it writes links-found.csv anew.\n")


@pytest.mark.parametrize("file", ["links.csv", "links-found.csv"])
def test_the_marks_of_a_conflict_are_told_each_at_its_line(declared: Path, file: str) -> None:
    header = REVIEWED if file == "links.csv" else FOUND
    rows = "<<<<<<< HEAD\nperson/nour-hasan,,none,,,\n=======\n>>>>>>> theirs\n"
    (declared / file).write_text(header + rows)
    problems = [(place, message) for place, message, _ in refused(declared)]
    message = "the mark of a conflict between versions stands here"
    assert problems == [(f"{file}:{line}:1", message) for line in (2, 4, 5)]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + REVIEWED + "person/nour-hasan,Q42,accepted,,,\n",
        (REVIEWED + "\nperson/nour-hasan,Q42,accepted,,,\n\n").replace("\n", "\r\n"),
        REVIEWED + "  \n,,,,,\nperson/nour-hasan,Q42,accepted\n",
        "note,item,entity,by,day,decision\n,Q42,person/nour-hasan,,,accepted",
        REVIEWED + "person/nour-hasan,Q42,accepted,,,\nperson/nour-hasan,Q42,accepted,,B,\n",
    ],
)
def test_however_it_is_written_a_row_is_read(declared: Path, content: str) -> None:
    (declared / "links.csv").write_bytes(content.encode())
    Workspace(declared).build()
    assert ("person/nour-hasan", "Q42") in links(declared)


def test_an_entity_that_two_versions_decided_differently_about_is_told(declared: Path) -> None:
    rows = "person/nour-hasan,Q42,accepted,,,\nperson/nour-hasan,,none,,,\n"
    (declared / "links.csv").write_text(REVIEWED + rows)
    ((place, message, _),) = refused(declared)
    assert place == "links.csv:3:20"
    assert message == "line 2 decides otherwise about the same entity"
