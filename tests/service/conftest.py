"""One workspace for all tests of the service: they only read."""

from __future__ import annotations

import pytest
from tests.service.served import make_workspace

from kgpub import Workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("service") / "workspace")
