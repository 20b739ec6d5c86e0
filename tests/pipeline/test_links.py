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


def test_what_is_wrong_with_one_file_is_told_once(root: Path) -> None:
    (root / "links.csv").write_text(REVIEWED + "person/layla-hasan,q42,accepted,,,\n")
    (root / "links-found.csv").write_text(FOUND + LAYLA)
    with pytest.raises(SubmissionErrors) as raised:
        Workspace(root).build()
    assert [str(each.place) for each in raised.value.problems] == ["links.csv:2:20"]
    assert not (root / "output").exists()
