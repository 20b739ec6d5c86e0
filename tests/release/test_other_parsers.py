"""The dumps, as two parsers read them that are neither kgpub's nor Python's."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse
from tests.conftest import REPOSITORY

from kgpub.vocabulary import terms as kg

WEB = REPOSITORY / "web"
ENDINGS = (".nq", ".trig", ".ttl", ".jsonld")

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (WEB / "node_modules/n3").exists(),
    reason="needs Node.js, and what `npm ci` installs in web/",
)


def read(path: Path) -> set[Quad]:
    done = subprocess.run(
        ["node", "parsing.js", str(path)], cwd=WEB, check=True, capture_output=True, timeout=120
    )
    return set(parse(done.stdout, RdfFormat.N_QUADS))


def without_graphs(quads: set[Quad]) -> set[Quad]:
    return {Quad(*quad.triple, DefaultGraph()) for quad in quads}


@pytest.mark.parametrize("ending", ENDINGS)
def test_all_dumps_are_the_same_dataset_to_another_parser(ending: str) -> None:
    folder = REPOSITORY / "output"
    dataset = read(folder / "dataset.nq")
    assert dataset == set(parse(path=str(folder / "dataset.nq"), format=RdfFormat.N_QUADS))
    found = read(folder / f"dataset{ending}")
    expected = dataset if ending in (".nq", ".trig") else without_graphs(dataset)
    if ending != ".jsonld":
        assert found == expected
        return
    # jsonld-streaming-parser 5.0.1 loses the link to {} in an id map, `"p": {"http://e/o": {}}`,
    # which JSON-LD 1.1 API, section 5.1.2, step 13.8, makes a node object with that @id.
    assert found < expected
    assert {quad.predicate.value for quad in expected - found} == {kg.describes}
