"""A release loaded into real stores: all of it, nothing else, and at once."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.release.loading.releases import (
    NAME,
    ODD,
    TERMS,
    E,
    answers,
    load,
    odd,
    people,
    read_meanwhile,
    wait_to_be_seen,
    write,
)
from tests.release.loading.stores import Running, on_the_way

from kgpub.errors import StoreError
from kgpub.release.loading.publishing import Terms
from kgpub.store.endpoint import Endpoint

RECORD = E + "graph/loaded"
FIRST = people("one", 40, "first"), people("two", 30, "first"), people("gone", 5, "first")
# The graph "two" is as it was, "one" is another, "gone" is no more, "new" comes.
SECOND = people("one", 60, "second"), people("two", 30, "first"), people("new", 9, "second")


def test_the_store_holds_the_release_and_what_it_is(running: Running, tmp_path: Path) -> None:
    done = load(write(tmp_path, *FIRST, odd("odd")), running)
    assert (done.graphs, done.quads, done.changed, done.gone) == (4, 231, 4, 0)
    # Of the record: the run, the release, and two triples a graph.
    expected = {E + "one": 120, E + "two": 90, E + "gone": 15, E + "odd": 6, RECORD: 10}
    assert running.graphs() == expected
    names = {row["o"] for row in running.select(f"SELECT ?o {{ <{E}odd> {NAME} ?o }}")}
    assert names == {value.value for value in ODD}
    kinds = "SELECT ?o { ?s a ?o FILTER(REGEX(STR(?s), 'person/two/29%20é#x$')) }"
    assert running.select(kinds) == [{"o": E + "Person"}]


def test_the_next_release_takes_the_place_of_the_one_before(
    running: Running, tmp_path: Path
) -> None:
    Endpoint(running.update, running.credentials).update(
        "INSERT DATA { GRAPH <https://example.org/others> { <urn:a> <urn:b> <urn:c> } }"
    )
    load(write(tmp_path / "1", *FIRST), running)
    with on_the_way(running.update, lambda asked: None) as (update, asked):
        if running.credentials is not None:
            update = running.update  # digest is for one address
        done = load(write(tmp_path / "2", *SECOND), running, update=update)
    assert (done.changed, done.gone) == (2, 1)
    # What was sent: the graphs that have changed, and the record of three graphs.
    assert done.sent == 180 + 27 + 8
    if running.credentials is None:
        assert sum(each.staged for each in asked) == done.sent
    assert running.graphs() == {
        E + "one": 180,
        E + "two": 90,
        E + "new": 27,
        RECORD: 8,
        "https://example.org/others": 1,
    }
    editions = running.select(f"SELECT DISTINCT ?o {{ GRAPH <{E}one> {{ ?s <{E}edition> ?o }} }}")
    assert editions == [{"o": "second"}]


def test_no_name_of_a_graph_is_left(oxi: Running, tmp_path: Path) -> None:
    load(write(tmp_path / "1", *FIRST), oxi)
    load(write(tmp_path / "2", *SECOND), oxi)
    found = {row["g"] for row in oxi.select("SELECT ?g { GRAPH ?g { } }")}
    assert found == {E + "one", E + "two", E + "new", RECORD}


def test_the_same_release_is_not_sent_again(running: Running, tmp_path: Path) -> None:
    folder = write(tmp_path, *FIRST)
    load(folder, running)
    with on_the_way(running.query, lambda asked: None) as (query, _):
        done = load(folder, running, query=query, update="http://127.0.0.1:9/nowhere")
    assert (done.graphs, done.changed, done.sent) == (3, 0, 0)


def test_readers_see_the_old_release_or_the_new(oxi: Running, tmp_path: Path) -> None:
    """Of Virtuoso they now and then see a mixture, see docs/loading.md."""
    releases = [write(tmp_path / str(number), *each) for number, each in enumerate((FIRST, SECOND))]
    old, new = answers(*FIRST), answers(*SECOND)
    load(releases[0], oxi)
    with read_meanwhile(oxi) as seen:
        wait_to_be_seen(seen, old)
        for number in (1, 0, 1, 0):
            load(releases[number], oxi)
            wait_to_be_seen(seen, new)
    for found, *right in zip(seen, old, new, strict=True):
        assert found == set(right)


def test_a_graph_that_others_have_changed_is_told_and_mended(
    running: Running, tmp_path: Path
) -> None:
    folder = write(tmp_path, *FIRST)
    load(folder, running)
    Endpoint(running.update, running.credentials).update(
        f"DELETE {{ GRAPH <{E}two> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{E}two> {{ "
        f"?s ?p ?o FILTER(?p = {NAME}) }} }}"
    )
    with pytest.raises(StoreError, match=r"data/two has 60 triples instead of 90") as told:
        load(folder, running)
    assert "--fresh" in told.value.remedy
    load(folder, running, Terms(TERMS.bounds, fresh=True))
    assert running.graphs()[E + "two"] == 90


def test_a_store_that_makes_one_of_two_values(oxi: Running, tmp_path: Path) -> None:
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    one, graph = NamedNode(E + "x"), NamedNode(E + "one")
    quads = [Quad(one, NAME, Literal(text, datatype=integer), graph) for text in ("1", "01")]
    folder = write(tmp_path / "2", quads)
    before = write(tmp_path / "1", *FIRST)
    load(before, oxi)
    with pytest.raises(StoreError, match="one has 1 triples instead of 2"):
        load(folder, oxi)
    assert oxi.graphs()[E + "one"] == 120  # it is still the release before
    done = load(folder, oxi, Terms(TERMS.bounds, fewer=True))
    assert done.gone == 2
    assert oxi.graphs()[E + "one"] == 1


def test_two_datasets_in_one_store(oxi: Running, tmp_path: Path) -> None:
    from kgpub.release.loading.dump import Dump
    from kgpub.release.loading.publishing import publish
    from kgpub.release.loading.target import Target
    from kgpub.store.remote import RemoteStore

    load(write(tmp_path / "1", *FIRST), oxi)
    other = write(tmp_path / "2", people("more/other", 3, "x"))
    target = Target(Endpoint(oxi.update), RemoteStore(oxi.query))
    with Dump(other) as dump:
        publish(dump, target, E + "more/", TERMS, lambda text: None)
    assert oxi.graphs() == {
        E + "one": 120,
        E + "two": 90,
        E + "gone": 15,
        RECORD: 8,
        E + "more/other": 9,
        E + "more/graph/loaded": 4,
    }


def test_what_a_bulk_loader_has_loaded_is_adopted(oxi: Running, tmp_path: Path) -> None:
    folder = write(tmp_path, *FIRST)
    request = urllib.request.Request(
        oxi.query.replace("/query", "/store"),
        (folder / "dataset.nq").read_bytes(),
        {"Content-Type": "application/n-quads"},
    )
    urllib.request.urlopen(request, timeout=10).close()
    Endpoint(oxi.update).update(
        f"DELETE WHERE {{ GRAPH <{E}gone> {{ <{E}person/gone/0%20é#x> ?p ?o }} }}"
    )
    done = load(folder, oxi, Terms(TERMS.bounds, adopt=True))
    # The graph that is not whole, and the record of three graphs.
    assert (done.changed, done.sent) == (1, 15 + 8)
    assert oxi.graphs() == {E + "one": 120, E + "two": 90, E + "gone": 15, RECORD: 8}
    assert load(folder, oxi).sent == 0


def test_a_graph_that_kgpub_has_loaded_is_not_adopted(oxi: Running, tmp_path: Path) -> None:
    """The new one has as many triples as the old."""
    load(write(tmp_path / "1", people("one", 40, "first")), oxi)
    folder = write(tmp_path / "2", people("one", 40, "second"))
    load(folder, oxi, Terms(TERMS.bounds, adopt=True))
    editions = oxi.select(f"SELECT DISTINCT ?o {{ GRAPH <{E}one> {{ ?s <{E}edition> ?o }} }}")
    assert editions == [{"o": "second"}]
