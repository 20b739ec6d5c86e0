"""What is sent is what was meant, whatever the names and words are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from kgpub.release.loading import texts
from kgpub.release.loading.dump import DumpSummary, GraphSummary
from kgpub.release.loading.plan import Names, Plan, Record, planned

E = "https://example.org/data/"
NAMES = Names.of(E)
DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")
# What RFC 3987 allows in a path, and a few names that stores are known to trip over.
PARTS = st.one_of(
    st.text(st.sampled_from("aZ09-._~!$&'()*+,;=:@/éكڕ字🎉"), min_size=1, max_size=40),
    st.sampled_from(["a%20b", "%2F%25", "x" * 200, "Name", "name", "a#b", "a?b=c&d=plan"]),
)
NODES = PARTS.map(lambda part: NamedNode(E + part))
WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(["\\u0041", "$plan", "{run}", "\\", '"""', "'", "\r\n", "urn:x-kgpub:term:"]),
)
VALUES = st.one_of(
    NODES,
    WORDS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), WORDS, st.sampled_from(["ar", "ckb"])),
    st.integers(-9, 9).map(Literal),
    st.just(Literal("2016-01-01", datatype=DATE)),
)
Contents = Mapping[NamedNode, Sequence[tuple[NamedNode, NamedNode, NamedNode | Literal]]]
CONTENTS = st.dictionaries(
    NODES, st.lists(st.tuples(NODES, NODES, VALUES), min_size=1, max_size=5), max_size=4
)


def digest(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()


def summary(graphs: Contents) -> DumpSummary:
    kept = {
        name.value: GraphSummary(len(set(triples)), digest(triples))
        for name, triples in graphs.items()
    }
    return DumpSummary(digest(graphs), kept)


def stage(store: Store, plan: Plan, graphs: Contents) -> None:
    statements = {
        plan.names.plan.value: [f"{each} ." for each in (*plan.plan_triples(), plan.run_triple)]
    }
    record = plan.staged[plan.names.record.value].value
    statements[record] = [texts.disguised(each) for each in plan.record_triples()]
    for name in plan.changed:
        triples = [Triple(*each) for each in graphs[NamedNode(name)]]
        statements[plan.staged[name].value] = [texts.disguised(each) for each in triples]
    store.update(texts.insertion(statements))


def visible(store: Store) -> set[Quad]:
    """Return what is not loading's own."""
    own = "<urn:x-kgpub:"
    return {quad for quad in store if not str(quad.graph_name).startswith(own)}


@given(CONTENTS, CONTENTS)
def test_the_swap_puts_one_release_in_the_place_of_the_other(old: Contents, new: Contents) -> None:
    store, held = Store(), Record()
    other = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o"), NamedNode("urn:other"))
    store.add(other)
    for graphs in (old, new):
        plan = planned(summary(graphs), held, NAMES)
        if plan is None:
            assert graphs == old
            continue
        before = visible(store)
        stage(store, plan, graphs)
        for staged in plan.staged.values():
            for quad in store.quads_for_pattern(None, None, None, staged):
                nodes = [each for each in quad.triple if isinstance(each, NamedNode)]
                assert all(each.value.startswith(texts.TERM) for each in nodes)
        store.update(texts.swap(plan.names.plan, plan.names.record, "another run"))
        assert visible(store) == before
        store.update(texts.swap(plan.names.plan, plan.names.record, plan.run))
        expected = {Quad(*each, name) for name, some in graphs.items() for each in some} | {other}
        assert {each for each in visible(store) if each.graph_name != NAMES.record} == expected
        store.update(texts.drop(plan.staged.values()))
        after = visible(store)
        store.update(texts.swap(plan.names.plan, plan.names.record, plan.run))  # one that is late
        assert visible(store) == after
        store.update(texts.drop([plan.names.plan]))
        held = plan.record
        recorded = store.query(texts.recorded(NAMES.record, "", 100))
        assert isinstance(recorded, QuerySolutions)
        assert [row["graph"].value for row in recorded] == sorted(held.graphs)


def test_other_software_reads_what_looks_like_an_escape() -> None:
    node = NamedNode(E + "a")
    values = [r"\u0041", r"C:\u0041bc", r"\\U00000041", "\\", '"\n', r"C:\users"]
    triples = [texts.disguised(Triple(node, node, Literal(each, language="en"))) for each in values]
    dataset = rdflib.Dataset()
    dataset.update(texts.insertion({E: triples}))
    assert {str(quad[2]) for quad in dataset.quads()} == set(values)


def test_the_same_release_needs_no_plan() -> None:
    one = summary({NamedNode(E + "a"): [(NamedNode(E), NamedNode(E), Literal(""))]})
    plan = planned(one, Record(), NAMES)
    assert plan is not None
    assert planned(one, plan.record, NAMES) is None
    assert planned(one, plan.record, NAMES, fresh=True) is not None
