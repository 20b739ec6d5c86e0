"""What steps are given beside the workspace itself: files that every side reads alike."""

from __future__ import annotations

from pathlib import Path

from kgpub.vocabulary import resource

DATASET = "dataset.nq"
"""The workspace's quads as kgpub maps them, written before anything is measured."""


def background() -> list[Path]:
    """Return what data are validated together with: the class hierarchy and the kinds."""
    return [resource("ontology") / name for name in ("kgpub.ttl", "schemes.ttl")]
