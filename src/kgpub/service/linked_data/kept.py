"""Documents that are kept, so that what is read often is made once for each build."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from kgpub.service.linked_data.answers import Sent

_ENTRY = 1_000
"""Bytes that an entry takes besides its content, about."""


class Key(NamedTuple):
    """What a document depends on: the build, its address, the content coding."""

    version: str
    address: str
    coding: str


class Kept:
    """The documents of a build that were asked for last, `most` bytes together. For one thread.

    As soon as one of another build is asked for, those of the build before are forgotten: nobody
    asks for them again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._version = ""
        self._documents: OrderedDict[Key, Sent] = OrderedDict()
        self._size = 0

    def get(self, key: Key) -> Sent | None:
        """Return a document that is kept."""
        if key.version != self._version:
            self._version = key.version
            self._documents.clear()
            self._size = 0
        document = self._documents.get(key)
        if document is not None:
            self._documents.move_to_end(key)
        return document

    def put(self, key: Key, document: Sent) -> None:
        """Keep a document, unless one of another build has been asked for since.

        The one that was asked for longest ago goes first.
        """
        if key.version != self._version:
            return
        before = self._documents.pop(key, None)
        self._size += _size(document) - (_size(before) if before else 0)
        self._documents[key] = document
        while self._size > self._most:
            self._size -= _size(self._documents.popitem(last=False)[1])


def _size(document: Sent) -> int:
    return len(document.content) + len(document.links) + _ENTRY
