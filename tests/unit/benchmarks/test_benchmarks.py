"""That the benchmarks run and tell what they should; nothing here depends on how long it takes."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[3]
STEPS = ("read", "ground", "map", "validate", "load", "dump")


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _rows(text: str, heading: str) -> dict[str, list[str]]:
    """Return the rows of the table under the heading that begins so, by their first cells."""
    (section,) = (part for part in text.split("\n## ") if part.startswith(heading))
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return {cells[0]: cells[1:] for cells in lines[2:]}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("results") / "RESULTS.md"
    done = _run("--quick", "--output", str(output))
    # Steps fail where the corpus does not map without a problem or does not conform.
    assert done.returncode == 0, done.stderr
    return output.read_text(encoding="utf-8")


def test_every_step_is_measured_on_both_sides(quick: str) -> None:
    (heading,) = (line for line in quick.splitlines() if line.endswith(" quads"))
    rows = _rows(quick, heading.removeprefix("## "))
    assert set(rows) == {*STEPS, "read, peer with libyaml"}
    for cells in rows.values():
        assert len(cells) == 7
        assert all(float(cell.replace(",", "")) > 0 for cell in cells)


def test_mapping_is_set_beside_parsers(quick: str) -> None:
    rows = _rows(quick, "Mapping and JSON-LD")
    assert [title.split(",")[0] for title in rows] == [
        "kgpub",
        *["pyoxigraph"] * 3,
        *["rdflib"] * 2,
    ]
    assert all(float(cells[0].replace(",", "")) > 0 for cells in rows.values())


def test_whole_builds_are_measured(quick: str) -> None:
    table = quick.split("## Whole builds")[1]
    for kind in ("fresh", "nothing changed", "one file changed"):
        assert f"| {kind} |" in table


def test_the_machine_and_the_versions_are_told(quick: str) -> None:
    rows = _rows(quick, "Machine and versions")
    assert {"processor", "memory", "Python", "pyoxigraph", "rdflib", "pyshacl"} <= set(rows)
    assert all(cells[0] for cells in rows.values())


def test_figures_of_one_run_are_not_called_medians(
    quick: str, plan: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "- Figures are of one run each; the sides take turns.\n" in quick
    assert "medians of" not in quick
    monkeypatch.syspath_prepend(ROOT)
    results = importlib.import_module("benchmarks.results")
    assert "medians of up to 3 runs" in results.render([], plan.Limits(3, 60))


@pytest.mark.parametrize("sizes", ["0", "many", "1000,"])
def test_what_is_no_size_is_refused(sizes: str) -> None:
    done = _run("--sizes", sizes)
    assert done.returncode == 2
    assert "--sizes" in done.stderr


@pytest.fixture
def synthesis(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT)
    return importlib.import_module("benchmarks.synthesis")


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT)
    return importlib.import_module("benchmarks.plan")


def test_a_larger_corpus_begins_with_the_smaller_one(synthesis: ModuleType) -> None:
    small, large = list(synthesis.articles(100)), list(synthesis.articles(300))
    assert large[: len(small)] == small
    assert sum(article.facts for article in small) >= 100
    assert list(synthesis.articles(100, seed=1)) != small


def test_words_stand_in_their_article_exactly_once(synthesis: ModuleType) -> None:
    for article in synthesis.articles(2_000):
        for statement in article.submission["statements"]:
            for key in ("words", "introduced-by"):
                if key in statement:
                    assert article.text.count(statement[key]) == 1


def test_slugs_and_items_belong_to_one_entity_each(synthesis: ModuleType) -> None:
    described: dict[tuple[str, str], object] = {}
    items: dict[str, str] = {}
    for article in synthesis.articles(5_000):
        for section in synthesis.SECTIONS:
            for slug, entity in article.submission.get(section, {}).items():
                assert described.setdefault((section, slug), entity) == entity
                if "wikidata" in entity:
                    assert items.setdefault(entity["wikidata"], slug) == slug


def test_facts_are_of_many_classes(synthesis: ModuleType) -> None:
    counts = Counter(
        fact["type"]
        for article in synthesis.articles(1_000)
        for statement in article.submission["statements"]
        for fact in statement.get("asserts", ())
    )
    assert sum(counts.values()) >= 1_000
    expected = {
        "Tenure",
        "Membership",
        "Occupation",
        "Residence",
        "Event",
        "Relationship",
        "Stance",
    }
    assert set(counts) == expected
    assert min(counts.values()) > 20


def test_yaml_says_what_was_synthesised(
    synthesis: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT)
    corpus = importlib.import_module("benchmarks.corpus")
    written = corpus.write_workspace(tmp_path / "workspace", 50)
    articles = list(synthesis.articles(50))
    assert written == sum(article.facts for article in articles)
    for article in articles:
        folder = tmp_path / "workspace" / "articles" / article.slug
        # BaseLoader leaves all scalars texts, as kgpub does.
        read = yaml.load((folder / "facts.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
        assert read == _texts(article.submission)


def _texts(value: object) -> object:
    if isinstance(value, dict):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ({}, 0),
        ({1_000: 3.0}, 300),
        # A hundred times as long for ten times the facts: it is quadratic.
        ({1_000: 2.0, 10_000: 200.0}, 20_000),
        ({100: 9.0, 1_000: 2.0, 10_000: 200.0}, 20_000),
        # Start-up weighs less in what is larger; the facts will still be ten times as many.
        ({1_000: 2.0, 10_000: 4.0}, 40),
    ],
)
def test_a_step_is_expected_to_grow_as_it_has_grown(
    plan: ModuleType, taken: dict[int, float], expected: float
) -> None:
    key = ("peer", "dump")
    before = [
        plan.Corpus(facts, 1, 1, {key: plan.Measurement(expected=seconds)})
        for facts, seconds in taken.items()
    ]
    assert plan.expected_seconds(key, 100_000, before) == pytest.approx(expected)
