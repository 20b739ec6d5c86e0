"""One workspace and one server for all tests of the service: they only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.service.served import MadeUpGazetteer, decide, make_workspace, running

from kgpub import Workspace
from kgpub.service.application import reconciliation_application
from kgpub.service.entities import Entities
from kgpub.service.items import Items
from kgpub.service.offered import Reconciliation


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("service") / "workspace")


@pytest.fixture(scope="session")
def origin(workspace: Workspace) -> Iterator[str]:
    services: list[Reconciliation] = [Entities(workspace), Items(MadeUpGazetteer(), decide)]
    with running(reconciliation_application(services)) as address:
        yield address


@pytest.fixture
def entities(origin: str) -> str:
    return f"{origin}/reconcile/entities"


@pytest.fixture
def wikidata(origin: str) -> str:
    return f"{origin}/reconcile/wikidata"
