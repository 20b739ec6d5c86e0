"""Names of files that are the same file nowhere, and can be written everywhere.

File systems differ: some take names that differ in case, in Unicode normalisation or in invisible
characters for the same (NTFS, APFS, HFS+, FAT), some take no more than 255 bytes, Windows refuses
some characters and the names of devices. A segment of a path keeps its name where none of this
matters. Any other is called by what can be read of it and 64 bits of its SHA-256:
`Abc` is `abc~06d90109c8cce34e`. That depends on the segment alone, so that no file gets
another name because of a file that is added later.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from unicodedata import category, normalize

MAX_NAME = 230
"""Bytes of a name without its ending. File systems take 255 with it, and programs that copy files
add to names meanwhile."""
MAX_PATH = 1_000
"""Bytes of a path below the root; beyond, it is called by its digest alone. macOS takes 1,024."""
_DIGITS = 16
_READ = 40
"""Characters of a name that stand before its digest."""
_MARK = "~"
"""Stands before the digest, and in no other name."""
_REFUSED = frozenset('"*:<>?\\|')
"""Windows takes none of these."""
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?")
_UNSEEN = ("Cf", "Zl", "Zp")
_UNREADABLE = re.compile("[^a-z0-9]+")
_OF_FILES = (".html", ".ttl", ".jsonld", ".nt", ".txt")
"""A folder whose name ends so could stand in the place of a file."""
_LONG = "long"


def file_path(path: str, ending: str, kept: int, taken: frozenset[str]) -> str:
    """Return the path of the file for the document at `path`, whose name ends in `ending`.

    Paths have forward slashes. The first `kept` segments are written as they are where they can be
    written at all: all paths have them. `taken` are names that stand for something else at the
    root: of folders, or of files without their endings, whichever begins the path.
    """
    *folders, last = path.removesuffix(ending).split("/")
    named = [
        each if number < kept and _is_writable(each) else _folder(each)
        for number, each in enumerate(folders)
    ]
    named.append(last if _is_own(last) else _called(last))
    if named[0] in taken:
        named[0] = _called((*folders, last)[0])
    made = "/".join(named) + ending
    if len(made.encode()) > MAX_PATH:
        return f"{_LONG}{_MARK}{_digest(path.removesuffix(ending), 2 * _DIGITS)}{ending}"
    return made


def _folder(segment: str) -> str:
    is_folder = _is_own(segment) and not segment.endswith(_OF_FILES)
    return segment if is_folder else _called(segment)


@lru_cache(maxsize=16_384)  # pages refer to the same things again and again
def _is_own(segment: str) -> bool:
    """Whether a name can be that of a file, whatever it ends in, and of no other."""
    return (
        _is_writable(segment)
        and _MARK not in segment
        and len(segment.encode()) <= MAX_NAME
        # Names that are the same in capital letters are the same in small ones.
        and normalize("NFC", segment.upper().casefold()) == segment
        and not any(category(each) in _UNSEEN for each in segment)
    )


def _is_writable(segment: str) -> bool:
    """Whether every file system takes a name, if it is not too long for it."""
    return (
        segment != ""
        and not _REFUSED.intersection(segment)
        and not any(category(each) == "Cc" for each in segment)
        and not _DEVICES.fullmatch(segment.casefold())
        and not segment.startswith((".", " "))
        and not segment.endswith((".", " "))
    )


def _called(segment: str) -> str:
    readable = _UNREADABLE.sub("-", segment.lower())[:_READ].strip("-")
    return f"{readable}{_MARK}{_digest(segment, _DIGITS)}"


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
