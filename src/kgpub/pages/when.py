"""Times as pages show them: the EDTF of the data, in words where it leaves an end open."""

from __future__ import annotations

import re

from markupsafe import Markup

from kgpub.pages.rendering import Frame

_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_WRITTEN = re.compile(_DATE)
_LATER, _EARLIER = re.compile(rf"({_DATE})/\.\."), re.compile(rf"\.\./({_DATE})")
_BETWEEN = re.compile(rf"({_DATE})/({_DATE})")


def when(frame: Frame, edtf: str) -> Markup:
    """Return a time of the data, isolated; what is neither date nor interval is as it is written.

    An interval open to one side is said in words (EDTF, level 1, extended interval).
    """
    if found := _LATER.fullmatch(edtf):
        return frame.say("time-or-later", date=date(found[1]))
    if found := _EARLIER.fullmatch(edtf):
        return frame.say("time-or-earlier", date=date(found[1]))
    if found := _BETWEEN.fullmatch(edtf):
        return frame.say("time-between", start=date(found[1]), end=date(found[2]))
    return date(edtf)


def date(edtf: str) -> Markup:
    """Return a date, which machines can read where HTML has a form for it (HTML, time)."""
    if _WRITTEN.fullmatch(edtf):
        return Markup('<time dir="ltr" datetime="{0}">{0}</time>').format(edtf)
    return Markup('<bdi dir="ltr">{}</bdi>').format(edtf)
