"""The report as one HTML page that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kgpub.messages import RIGHT_TO_LEFT, Message, said
from kgpub.reporting.comparison_text import (
    both_sides,
    comparison_summary,
    lines,
    outcome_name,
    shown,
)
from kgpub.reporting.verdict import Verdict
from kgpub.version import __version__

_WORDS = {
    "en": {
        "title": "Report on submitted facts",
        "accepted": "Accepted",
        "refused": "Refused",
        "error": "error",
        "warning": "warning",
        "info": "remark",
        "nothing": "There is nothing to report.",
        "see": "See also",
    },
    "ar": {
        "title": "تقرير عن المعلومات المقدَّمة",
        "accepted": "مقبولة",
        "refused": "مرفوضة",
        "error": "خطأ",
        "warning": "تحذير",
        "info": "ملاحظة",
        "nothing": "لا شيء يستدعي الذكر.",
        "see": "انظر أيضًا",
    },
    "ckb": {
        "title": "ڕاپۆرت لەسەر زانیارییە پێشکەشکراوەکان",
        "accepted": "پەسەند کرا",
        "refused": "ڕەت کرایەوە",
        "error": "هەڵە",
        "warning": "ئاگاداری",
        "info": "تێبینی",
        "nothing": "هیچ نییە بۆ ڕاگەیاندن.",
        "see": "هەروەها بڕوانە",
    },
}


_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


@cache
def style_source() -> str:
    """Return what a policy allows the style of the page by (CSP Level 3, section 2.3.1)."""
    text = Path(__file__).with_name("report.html.j2").read_text(encoding="utf-8")
    style = _STYLE.search(text)
    assert style is not None  # the template has one, in which nothing is inserted
    return f"'sha256-{base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()}'"


def html(verdict: Verdict) -> Iterator[str]:
    """Yield the report as HTML; what was submitted keeps its own direction."""
    # Takes a tenth of the time of a build with nothing to do, which makes no page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kgpub.reporting", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    language = verdict.language if verdict.language in _WORDS else "en"
    yield from environment.get_template("report.html.j2").generate(
        verdict=verdict,
        words=_WORDS[language],
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        counts=verdict.counts,
        title=Message("beside-published"),
        summary=comparison_summary(verdict.compared or (), language),
        compared=shown(verdict.compared or ()),
        sides=both_sides,
        lines=lines,
        outcome=lambda each: outcome_name(each).text(language),
        say=lambda text: said(text, language),
        version=__version__,
    )
    yield "\n"
