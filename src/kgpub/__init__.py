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

    from kgpub.pipeline.workspace import Workspace

__all__ = ["Workspace", "__version__"]


def __getattr__(name: str) -> Any:
    """Import Workspace, and with it all that it is built on, when it is first asked for."""
    if name == "Workspace":
        from kgpub.pipeline.workspace import Workspace

        return Workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
