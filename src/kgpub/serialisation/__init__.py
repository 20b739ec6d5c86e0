"""Quads to deterministic bytes: the same set of quads gives the same bytes, however it arrives.

Each function takes pyoxigraph quads, or triples of the default graph, in any order, repeats
allowed, and returns an iterator over chunks of UTF-8. None takes blank nodes, triple terms or base
directions, unless it is told to: nothing published holds them, so that one is a mistake of the
caller, raised as ValueError when the first chunk is drawn.
"""

from kgpub.serialisation.jsonld_document import jsonld
from kgpub.serialisation.lines import nquads, ntriples
from kgpub.serialisation.order import READING_ORDER, Order
from kgpub.serialisation.turtle_document import trig, turtle

__all__ = ["READING_ORDER", "Order", "jsonld", "nquads", "ntriples", "trig", "turtle"]
