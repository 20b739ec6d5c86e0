"""What is denied, contradicted, quoted or retracted becomes no claim in any vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.release.vocabularies.cases import BASE, FACTS, UNTOLD, store, turtle
from tests.release.vocabularies.making import document, made, quads, short

from kgpub.release.vocabularies.vocabulary import POPOLO, SCHEMA_ORG, VOCABULARIES, WIKIDATA

_WITHOUT_DOUBT = ("schema-org.nt", "popolo.json", "wikidata.nt")
_UNREAL = ("calls-for", "demands", "fears", "hopes-for", "promises", "rejects", "warns-of")


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
        "practice",
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
    assert not subjects & {"attack", "culprit"}
    assert {"meeting", "guest", "war", "ended"} <= subjects
    assert not {p for _, p, _ in told} & {
        f"ontology#{name}" for name in ("asserts", "contradictory", "evidence", "wikidata", "words")
    }


@pytest.mark.parametrize("kind", _UNREAL)
def test_what_is_only_asked_for_or_feared_is_not_told_as_having_happened(
    kind: str, tmp_path: Path
) -> None:
    files = made(store(turtle().replace("kind:calls-for", f"kind:{kind}")), tmp_path)
    assert not [name for name in _WITHOUT_DOUBT if f"{BASE}war".encode() in files[name]]


def test_what_somebody_praises_or_does_not_deny_is_told_as_having_happened(
    tmp_path: Path,
) -> None:
    for stance in ("kind:praises", "kind:denies ; kg:negated true"):
        files = made(store(turtle().replace("kind:calls-for", stance)), tmp_path)
        assert f"<{BASE}war> ".encode() in files["wikidata.nt"]
        assert f"<{BASE}war> ".encode() in files["schema-org.nt"]


def test_an_event_is_told_as_soon_as_one_voice_in_one_article_tells_of_it(tmp_path: Path) -> None:
    text = turtle().replace("kg:asserts :attack ; kg:saidBy :baran", "kg:saidBy :baran")
    told = short(made(store(text), tmp_path)["wikidata.nt"])
    assert ("attack", "P710", "Q1") in told


def test_what_is_left_out_is_counted_once_by_its_reason(files: dict[str, bytes]) -> None:
    common = {
        "another statement contradicts it": 1,
        "it is told that it is not so": 2,
        "only somebody who is quoted says it": 1,
        "several articles tell of it": 1,
        "somebody is told to ask for it, promise, fear or reject it": 1,
        "somebody is told to deny it": 1,
        "somebody who is quoted tells of it too": 1,
    }
    in_part = "it is told, but not all of its time"
    lasting = "it would look as if it lasted"
    assert document(files["left-out.json"]) == {
        "facts-only": {
            "only somebody who is quoted says it": 1,
            "somebody who is quoted tells of it too": 1,
        },
        "nanopublications": {},
        # praise, denial, call, candidacy, marriage, residence; employment, ended; spring, member
        "popolo": {**common, "there is no term for it": 6, lasting: 2, in_part: 2},
        # praise, denial, call, candidacy; employment, ended; residence, birth, spring, member
        "schema-org": {**common, "there is no term for it": 4, lasting: 2, in_part: 4},
        # praise, denial, call, candidacy, marriage, part; ended; member
        "wikidata": {**common, "no Wikidata property is agreed on": 6, lasting: 1, in_part: 1},
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
        for query in vocabulary.folder:
            lines = [line.strip() for line in query.read_text(encoding="utf-8").splitlines()]
            starts = [i for i, line in enumerate(lines) if line.startswith("?statement kg:asserts")]
            chosen |= {tuple(lines[i - 1 : lines.index("} }", i)]) for i in starts}
            about_facts = any(f"kg:{each}" in "\n".join(lines) for each in _FACTS)
            assert starts or not about_facts, query
    assert len(chosen) == 1


_FACTS = ("Tenure", "Membership", "Residence", "Relationship", "Occupation", "Event")


def test_each_file_is_made_by_queries_that_come_with_it(files: dict[str, bytes]) -> None:
    for vocabulary in VOCABULARIES:
        for query in vocabulary.queries:
            assert files[f"{vocabulary.name}/{query.name}"] == query.read_bytes()
