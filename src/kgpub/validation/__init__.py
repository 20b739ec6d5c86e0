"""Quads and shapes to a report: pure, but for the restrictions of pySHACL (see `reference`)."""

from kgpub.validation.engines import ENGINES, Engine, engine
from kgpub.validation.report_graph import report_graph
from kgpub.validation.shapes import Shapes

__all__ = ["ENGINES", "Engine", "Shapes", "engine", "report_graph"]
