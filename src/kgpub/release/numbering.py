"""What a release is called and dated, from what is asked for and the one before.

The clock gives no date: the same inputs give the same release on any day. It only refuses one that
is yet to come.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from kgpub.errors import CallError
from kgpub.model.version import following, is_version, order
from kgpub.release.folder import Record

FIRST = "1"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAX_EPOCH = 253_402_300_799


def version_of(asked: str, last: Record | None) -> str:
    """Return what the release is called. Raises CallError."""
    if not asked:
        version = following(last.version) if last else FIRST
        if not version or not is_version(version):
            message = f"after release {last.version if last else ''} there is no next number"
            raise CallError(message, "Name the release with --version.")
        return version
    if not is_version(asked):
        remedy = "Begin with a digit; small Latin letters may follow, with single . or -: 3, 1.4.0"
        raise CallError(f"{asked}: no release can be called so", remedy)
    if last and order(asked) <= order(last.version):
        told = "is there already" if asked == last.version else "would come before the last"
        raise CallError(
            f"{asked}: {told}, release {last.version}",
            "Releases never change, and their versions go up: name a later one with --version.",
        )
    return asked


def issued_of(asked: str, epoch: str, last: Record | None, changed: str, today: str = "") -> str:
    """Return the date of the release: what is asked for, else by `epoch`, else by the data.

    `epoch` is what SOURCE_DATE_EPOCH says, seconds since 1970 (reproducible-builds.org);
    `changed` is the day that something was added or retracted last. A release is not older than the
    one before. One of the data that lies after `today`, where that is told, is refused: no later
    release could have another. Raises CallError.
    """
    if asked:
        issued = _checked(asked)
    elif epoch:
        issued = _of_epoch(epoch)
    elif today and changed > today:
        message = f"{changed}: something was added or retracted on a day that is yet to come"
        remedy = "Correct that date, or give one to the release: --date 2026-11-30"
        raise CallError(message, remedy)
    else:
        issued = max(changed, last.issued if last else "")
    if not issued:
        message = "no submission has a date, so that the release has none"
        remedy = "Write date: 2026-11-30 in a submission, or give it to the release: --date"
        raise CallError(message, remedy)
    if last and issued < last.issued:
        message = f"{issued}: release {last.version} is younger, of {last.issued}"
        raise CallError(message, "Give a later --date.")
    return issued


def _checked(text: str) -> str:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise CallError(f"{text}: is no date", "Write it as 2026-11-30.")


def _of_epoch(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) < 15 and int(text) <= _MAX_EPOCH:
        return datetime.fromtimestamp(int(text), UTC).date().isoformat()
    raise CallError(
        f"SOURCE_DATE_EPOCH: {text[:40]} is no number of seconds", "Unset it, or give --date."
    )
