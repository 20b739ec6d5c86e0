"""The stores that a release is loaded into, each with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.release.loading.stores import VIRTUOSO, Running, oxigraph, virtuoso


@pytest.fixture(scope="session")
def _virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with virtuoso(tmp_path_factory.mktemp("stores") / "virtuoso") as running:
        yield running


@pytest.fixture
def oxi() -> Iterator[Running]:
    """An Oxigraph server with nothing in it."""
    with oxigraph() as running:
        yield running


@pytest.fixture
def virt(request: pytest.FixtureRequest) -> Running:
    """A Virtuoso server with no graph of the tests'."""
    if VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed")
    running: Running = request.getfixturevalue("_virtuoso")
    from kgpub.store.endpoint import Endpoint

    service = Endpoint(running.update, running.credentials)
    for graph in running.graphs():
        service.update(f"DROP SILENT GRAPH <{graph}>")
    assert running.graphs() == {}
    return running


@pytest.fixture(params=["oxi", "virt"])
def running(request: pytest.FixtureRequest) -> Running:
    """Each of the stores in turn."""
    found: Running = request.getfixturevalue(request.param)
    return found
