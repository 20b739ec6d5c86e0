"""Graphs of updates: kept by builds, beside what is built, and lost by no damage in silence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Set
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.errors import OutputError
from kgpub.store import own_graphs, union
from kgpub.store.embedded import Generations

E = "https://example.org/"


def quad(number: int, graph: str) -> Quad:
    return Quad(
        NamedNode(f"{E}s{number % 3}"),
        NamedNode(f"{E}p"),
        Literal(str(number)),
        NamedNode(f"{E}{graph}"),
    )


def digests(quads: Iterable[Quad]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in sorted(quads, key=str):
        assert isinstance(each.graph_name, NamedNode)
        name = each.graph_name.value
        found[name] = found.get(name, "") + str(each)
    return found


def build(generations: Generations, quads: Set[Quad]) -> None:
    generations.publish(generations.prepare(quads, digests(quads)))


def update(
    generations: Generations,
    added: Iterable[Quad] = (),
    removed: Iterable[Quad] = (),
    mark: str = "m",
    most: int = 2**20,
) -> Path | None:
    def evaluate(store: Store, built: Set[str]) -> bool:
        wanted = set(added)
        gone = [each for each in removed if each in store and each not in wanted]
        fresh = [each for each in wanted if each not in store]
        union.change(store, gone, fresh)
        return bool(gone or fresh)

    target = generations.prepare_update(evaluate, mark, most)
    if target is not None:
        generations.publish(target)
    return target


def named(store: Store) -> set[Quad]:
    """The quads of named graphs; the default graph must hold their union and nothing else."""
    all_ = list(store)
    assert len(set(all_)) == len(all_)
    found = {each for each in all_ if each.graph_name != DefaultGraph()}
    assert {each.triple for each in set(all_) - found} == {each.triple for each in found}
    return found


numbers = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 2)))


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("build"), numbers, st.just(set())),
            st.tuples(st.just("update"), numbers, numbers),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_follows_upon_what(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[tuple[str, set[tuple[int, int]], set[tuple[int, int]]]],
) -> None:
    folder = tmp_path_factory.mktemp("store")
    generations = Generations(folder)
    built = {quad(0, "g0")}
    own: set[Quad] = set()
    build(generations, built)
    for kind, some, others in history:
        if kind == "build":
            built = {quad(0, "g0")} | {quad(number, f"g{graph}") for number, graph in some}
            build(generations, built)
        else:
            added = {quad(number, f"own{graph}") for number, graph in some}
            removed = {quad(number, f"own{graph}") for number, graph in others}
            update(generations, added, removed)
            own = (own - removed) | added
        assert named(generations.open()) == built | own
        assert named(generations.open_built()) == built
        assert generations.digests() == digests(built)
        graphs = {str(each) for each in generations.open().named_graphs()}
        assert graphs == {str(each.graph_name) for each in built | own}  # none is empty
        assert len(list(folder.glob("generation-*"))) <= 4
    shutil.rmtree(folder)


def number_of(number: int, graph: str, written: str = "{}") -> Quad:
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    value = Literal(written.format(number), datatype=integer)
    return Quad(NamedNode(f"{E}s"), NamedNode(f"{E}n"), value, NamedNode(f"{E}{graph}"))


def test_no_number_stays_in_the_union(tmp_path: Path) -> None:
    """A store on disk finds 255 others where it is asked for 255, see `union.forget`."""
    generations = Generations(tmp_path)
    kept = {quad(1, graph) for graph in ("g", "h", "i", "j")}
    build(generations, kept | {number_of(number, "g") for number in range(600)})
    build(generations, kept | {number_of(7, "g")})
    assert named(generations.open()) == kept | {number_of(7, "g")}
    update(generations, [number_of(number, "own") for number in range(600)])
    update(generations, [], [number_of(number, "own", "0{}") for number in range(600)])
    assert named(generations.open()) == kept | {number_of(7, "g")}


def test_an_update_leaves_the_fingerprint_of_the_build(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    assert generations.fingerprint() == generations.built_fingerprint() != ""
    before = generations.built_fingerprint()
    update(generations, [quad(2, "own")])
    assert generations.built_fingerprint() == before != generations.fingerprint()
    first = generations.fingerprint()
    update(generations, [quad(3, "own")])
    assert generations.fingerprint() not in (before, first)
    build(generations, {quad(1, "g"), quad(4, "g")})
    assert generations.built_fingerprint() not in (before, first)


def test_an_update_that_changes_nothing_makes_nothing(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    before = sorted(tmp_path.iterdir())
    assert update(generations, [], [quad(7, "own")]) is None
    assert sorted(tmp_path.iterdir()) == before


def test_a_mark_tells_the_update(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    assert not generations.is_marked("one")
    update(generations, [quad(2, "own")], mark="one")
    assert generations.is_marked("one") and not generations.is_marked("two")


def test_a_graph_of_updates_gives_way_to_one_that_is_built(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    update(generations, [quad(2, "h"), quad(3, "own")])
    build(generations, {quad(1, "g"), quad(4, "h")})
    assert named(generations.open()) == {quad(1, "g"), quad(4, "h"), quad(3, "own")}
    build(generations, {quad(1, "g")})
    assert named(generations.open()) == {quad(1, "g"), quad(3, "own")}


def newest(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text().strip()


def of_other_version(folder: Path) -> None:
    path = newest(folder) / "digests.json"
    path.write_text(path.read_text().replace("pyoxigraph", "pyoxigraph of old"))


def without_digests(folder: Path) -> None:
    (newest(folder) / "digests.json").unlink()


def damaged_table(folder: Path) -> None:
    for table in newest(folder).glob("*.sst"):
        content = table.read_bytes()
        table.unlink()
        table.write_bytes(content[:-9] + b"damaged!!")


def damaged_build(folder: Path) -> None:
    for path in folder.glob("generation-*"):
        if path != newest(folder):
            (path / "digests.json").write_text("{}")


@pytest.mark.parametrize(
    "damage", [of_other_version, without_digests, damaged_table, damaged_build]
)
def test_what_updates_wrote_survives_a_build_from_nothing(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    update(generations, [quad(2, "own")])
    damage(tmp_path)
    assert generations.digests() == {}
    build(generations, {quad(1, "g")})
    assert named(generations.open()) == {quad(1, "g"), quad(2, "own")}
    assert named(generations.open_built()) == {quad(1, "g")}


def test_fresh_builds_keep_it(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    update(generations, [quad(2, "own")])
    generations.forget()
    build(generations, {quad(1, "g")})
    assert named(generations.open()) == {quad(1, "g"), quad(2, "own")}


@pytest.mark.parametrize("cut", [1, 50, 10_000])
def test_a_file_that_was_cut_is_told_and_not_replaced(tmp_path: Path, cut: int) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    update(generations, [quad(2, "own")])
    path = newest(tmp_path) / "own.nq"
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(OutputError, match="what updates have written cannot be read"):
        build(generations, {quad(1, "g"), quad(5, "g")})
    assert newest(tmp_path) / "own.nq" == path and path.exists()
    path.unlink()  # as the remedy says
    build(generations, {quad(1, "g"), quad(5, "g")})
    assert named(generations.open()) == {quad(1, "g"), quad(5, "g")}


def test_too_large_graphs_are_refused(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    with pytest.raises(own_graphs.TooLarge):
        update(generations, [quad(number, "own") for number in range(50)], most=1_000)
    assert named(generations.open()) == {quad(1, "g")}
    # What was begun is removed now, or by the next one.
    update(generations, [quad(1, "own")])
    found = sorted(path.name for path in tmp_path.glob("generation-*"))
    assert found == ["generation-1", "generation-2"]


def test_what_was_begun_and_killed_is_removed(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    shutil.copytree(newest(tmp_path), tmp_path / "generation-2")
    (tmp_path / "generation-3").mkdir()
    assert update(generations, [], [quad(7, "own")]) is None
    assert [path.name for path in tmp_path.glob("generation-*")] == ["generation-1"]


def test_what_was_prepared_and_is_discarded_leaves_what_is_published(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(1, "g")})
    update(generations, [quad(2, "own")])
    before = sorted(tmp_path.iterdir())
    generations.discard(generations.prepare({quad(3, "g")}, digests([quad(3, "g")])))

    def evaluate(store: Store, built: Set[str]) -> bool:
        union.change(store, (), [quad(9, "own")])
        return True

    target = generations.prepare_update(evaluate, "m", 2**20)
    assert target is not None
    generations.discard(target)
    assert sorted(tmp_path.iterdir()) == before
    assert named(generations.open()) == {quad(1, "g"), quad(2, "own")}
    assert named(generations.open_built()) == {quad(1, "g")}


def test_many_updates_leave_no_heap_of_tables(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    build(generations, {quad(number, "g") for number in range(100)})
    most = 0
    for number in range(20):
        update(generations, [quad(number, "own")], mark=f"m{number}")
        assert generations.is_marked(f"m{number}")
        most = max(most, len(list(newest(tmp_path).glob("*.sst"))))
    assert most < 80  # some eight come with each
    assert len(named(generations.open())) == 120
    assert named(generations.open_built()) == {quad(number, "g") for number in range(100)}
