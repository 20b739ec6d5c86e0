"""Differences told: what the changes are, in the language of their reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kgpub.release.differences.changes import Changes, Sides, changes
from kgpub.release.differences.comparing import Differences, no_room
from kgpub.release.differences.reading import file_reading, read_vocabulary
from kgpub.release.differences.telling import Telling

ONTOLOGY = "ontology"
"""The folder of a release where its vocabularies are."""


def told(differences: Differences, work: Path, language: str) -> tuple[Changes, Telling]:
    """Return the changes, and what tells them in `language`; see `told_in`."""
    found, [telling] = told_in(differences, work, [language])
    return found, telling


def told_in(
    differences: Differences, work: Path, languages: Sequence[str]
) -> tuple[Changes, list[Telling]]:
    """Return the changes, and what tells them in each of `languages`.

    Kinds of a publisher's own are called as the later release has them, else the earlier one.
    `work` is the folder that the datasets were compared in. Raises CallError where it is full.
    """
    folders = [file.source.parent / ONTOLOGY for file in (differences.after, differences.before)]
    vocabulary = read_vocabulary(folder for folder in folders if folder.is_dir())
    try:
        sides = Sides(
            file_reading(differences.before, differences.removed.path, work, vocabulary),
            file_reading(differences.after, differences.added.path, work, vocabulary),
        )
        found = changes(differences, sides, work)
    except OSError as error:
        raise no_room(work, error) from error
    return found, [Telling(sides, language) for language in languages]
