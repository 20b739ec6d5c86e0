"""kgpub publishes what news articles state as linked data that anyone can check.

>>> from kgpub import Workspace
>>> workspace = Workspace("path/to/workspace")  # doctest: +SKIP
>>> workspace.query("SELECT ?name { ?person a kg:Person ; kg:name ?name }")  # doctest: +SKIP
"""

from __future__ import annotations

from kgpub.version import __version__

# To import typing takes longer than all else that a command imports before it can be interrupted.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kgpub.client import Client
    from kgpub.pipeline.workspace import Workspace

__all__ = ["Client", "Workspace", "__version__"]


def __getattr__(name: str) -> Any:
    """Import what is asked for, with all that it is built on, when it first is."""
    if name == "Workspace":
        from kgpub.pipeline.workspace import Workspace

        return Workspace
    if name == "Client":
        from kgpub.client import Client

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
