"""The linked data of a built workspace on a real server, and clients that follow nothing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Quad
from tests.conftest import REPOSITORY
from tests.service.served import running
from tests.service.sparql_served import publish

from kgpub import Workspace
from kgpub.pipeline.initial import create_workspace
from kgpub.service.application import application
from kgpub.service.connections import ConnectionLimits
from kgpub.service.limits import DEFAULT_LIMITS, Limits
from kgpub.service.linked_data.builds import Builds
from kgpub.service.linked_data.dumps import Dumps
from kgpub.service.linked_data.releases import Releases
from kgpub.service.linked_data.routes import LinkedData
from kgpub.service.work import Work

LICENCE = "https://example.org/licence"


@contextmanager
def linked(
    workspace: Workspace,
    limits: Limits = DEFAULT_LIMITS,
    connections: ConnectionLimits | None = None,
) -> Iterator[str]:
    """Serve the linked data of a workspace, and yield the origin."""
    work = Work(limits, time.monotonic)
    dumps = Dumps(workspace.root / "output", work)
    lists = Work(replace(limits, threads=1), time.monotonic)
    builds = Builds(workspace)
    releases = Releases(workspace.root / "releases", builds.site, work, work)
    routes = [*releases.routes(), *LinkedData(builds, dumps, work, lists).routes()]
    with running(application(routes), connections) as origin:
        yield origin


def seed(root: Path) -> Workspace:
    """The repository's own workspace, built elsewhere."""
    root.mkdir()
    shutil.copy(REPOSITORY / "kgpub.toml", root)
    shutil.copytree(REPOSITORY / "articles", root / "articles")
    workspace = Workspace(root)
    workspace.build()
    return workspace


def of_quads(root: Path, base: str, quads: Iterable[Quad]) -> Workspace:
    """A workspace whose store holds these quads, which no submission need be able to say."""
    create_workspace(root, base, "Odd", "Me", LICENCE)
    workspace = Workspace(root)
    publish(root / ".kgpub/store", quads)
    return workspace
