"""One server for all tests of the reconciliation: they only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.service.reconciliation.gazetteer import MadeUpGazetteer, decide
from tests.service.served import running

from kgpub import Workspace
from kgpub.service.reconciliation.entities import Entities
from kgpub.service.reconciliation.items import Items
from kgpub.service.reconciliation.offered import Reconciliation
from kgpub.service.reconciliation.routes import reconciliation_application


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
