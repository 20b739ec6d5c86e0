"""What is denied, contradicted, quoted or retracted becomes no claim in any vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.release.vocabularies.cases import BASE, FACTS, UNTOLD, store, turtle
from tests.release.vocabularies.making import document, made, quads, short

from kgpub.release.vocabularies.vocabulary import POPOLO, SCHEMA_ORG, VOCABULARIES, WIKIDATA


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return made(store(), tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize("name", UNTOLD)
@pytest.mark.parametrize("file", ["schema-org.nt", "popolo.json", "wikidata.nt"])
def test_a_fact_that_is_not_told_as_so_is_in_no_vocabulary_without_doubt(
    files: dict[str, bytes], file: str, name: str
) -> None:
    assert f"{BASE}{name}".encode() not in files[file]


def test_no_vocabulary_says_of_whom_it_is_denied(files: dict[str, bytes]) -> None:
    """Not by way of another IRI either: nothing leads from the person to the body or place."""
    wrong = {("aram", "party"), ("Q1", "party"), ("baran", "party"), ("baran", "premier")}
    wrong |= {("baran", "land"), ("baran", "Q4"), ("baran", "law")}
    for file in ("schema-org.nt", "wikidata.nt"):
        assert not wrong & {(s, o) for s, _, o in short(files[file])}
    told = document(files["popolo.json"])["memberships"]
    assert {each["id"].removeprefix(BASE) for each in told} == {
        "tenure",
        "employment",
        "spring",
        "member",
    }


@pytest.mark.parametrize("name", ["tenure", "member"])
def test_what_is_retracted_leaves_nothing_but_the_entities(name: str, tmp_path: Path) -> None:
    """A retracted statement is not in the data, though another fact may still name its fact."""
    kept = {key: value for key, value in FACTS.items() if key != name}
    kept["reference"] = (f"a kg:Stance ; kg:kind kind:praises ; kg:target :{name}", "paper")
    files = made(store(turtle(kept)), tmp_path)
    assert f"<{BASE}{name}> a " not in turtle(kept)
    for file in ("schema-org.nt", "popolo.json", "wikidata.nt"):
        assert f"{BASE}{name}".encode() not in files[file]
    assert not [q for q in quads(files["facts-only.nt"]) if str(q.subject) == f"<{BASE}{name}>"]
    assert f"{BASE}{name}#head".encode() not in files["nanopublications.nq"]


def test_facts_only_keep_denials_and_marks_but_nothing_that_is_quoted(
    files: dict[str, bytes],
) -> None:
    told = short(files["facts-only.nt"])
    true = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    assert ("non-membership", "ontology#negated", true) in told
    assert ("mark", "ontology#incompatible", "contradicted") in told
    assert ("visitor", "ontology#participant", "aram") in told
    subjects = {subject for subject, _, _ in told}
    assert not subjects & {"quoted", "retracted", "said-tenure", "article", "submission"}
    assert not {p for _, p, _ in told} & {
        f"ontology#{name}" for name in ("asserts", "contradictory", "evidence", "wikidata", "words")
    }


def test_what_is_left_out_is_counted_once_by_its_reason(files: dict[str, bytes]) -> None:
    common = {
        "another statement contradicts it": 1,
        "it is told that it is not so": 2,
        "only somebody who is quoted says it": 1,
        "somebody is told to deny it": 1,
    }
    in_part = "it is told, but not all of its time"
    assert document(files["left-out.json"]) == {
        "facts-only": {"only somebody who is quoted says it": 1},
        "nanopublications": {},
        # praise, denial, candidacy, marriage, and residence; employment, spring and member
        "popolo": {**common, "there is no term for it": 5, in_part: 3},
        # praise, denial, candidacy; employment, residence, birth, spring and member
        "schema-org": {**common, "there is no term for it": 3, in_part: 5},
        # praise, denial, candidacy, marriage, part; member
        "wikidata": {**common, "no Wikidata property is agreed on": 5, in_part: 1},
    }


def test_files_are_the_same_for_the_same_data_in_another_order(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    lines = turtle(dict(reversed(FACTS.items())))
    assert made(store(lines), tmp_path) == files


def test_queries_that_take_facts_for_true_all_choose_them_by_the_same_lines() -> None:
    """So one that is changed by itself is seen."""
    chosen = set()
    for vocabulary in (POPOLO, SCHEMA_ORG, WIKIDATA):
        for query in vocabulary.queries:
            lines = [line.strip() for line in query.read_text(encoding="utf-8").splitlines()]
            starts = [i for i, line in enumerate(lines) if "kg:asserts" in line]
            chosen |= {tuple(lines[i - 1 : i + 7]) for i in starts}
            about_facts = any(f"kg:{each}" in "\n".join(lines) for each in _FACTS)
            assert starts or not about_facts, query
    assert len(chosen) == 1


_FACTS = ("Tenure", "Membership", "Residence", "Relationship", "Occupation", "Event")


def test_each_file_is_made_by_queries_that_come_with_it(files: dict[str, bytes]) -> None:
    for vocabulary in VOCABULARIES:
        for query in vocabulary.queries:
            assert files[f"{vocabulary.name}/{query.name}"] == query.read_bytes()
