"""What was built last, opened to read; requests that run meanwhile go on with the one before."""

from __future__ import annotations

import hashlib
import time

from kgpub.documents.build import Build, templates_digest
from kgpub.pages.rendering import Site
from kgpub.pipeline.cache import software_digest
from kgpub.pipeline.workspace import Workspace
from kgpub.service.latest import Latest
from kgpub.service.work import Clock


class Builds:
    """Keeps the last build of a workspace open, see `Latest`."""

    def __init__(self, workspace: Workspace, clock: Clock = time.monotonic) -> None:
        settings = workspace.settings
        self.site = Site.of(settings)
        self._workspace = workspace
        self._clock = clock
        self._around = f"{software_digest()} {templates_digest()} {self.site}"
        self._latest = Latest(workspace.generations, self._opened, clock)

    def kept(self) -> Build | None:
        """Return the last build if it was looked for just now, without touching the disk."""
        return self._latest.kept()

    def current(self) -> Build:
        """Return the last build. Raises StoreError where there is none to read."""
        return self._latest.get()

    def _opened(self, fingerprint: str) -> Build:
        store = self._workspace.generations.open()
        told = fingerprint or f"opened {self._clock()}"
        version = hashlib.sha256(f"{told} {self._around}".encode()).hexdigest()
        return Build(version, store, self.site)
