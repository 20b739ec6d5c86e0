"""Small pages about one entity: the preview that clients frame, and the flyout that they insert."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from kgpub.messages import RIGHT_TO_LEFT
from kgpub.service.reconciliation.offered import Preview, Thing

WIDTH, HEIGHT = 420, 320
"""Of a preview, in CSS pixels."""
HEADERS = {
    # Whoever frames it is told by the specification to: there is no frame-ancestors.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "Referrer-Policy": "no-referrer",
}
_ARABIC_SCRIPT = frozenset((*RIGHT_TO_LEFT, "fa", "ur", "ps", "sd", "ug", "azb", "arz", "acm"))
_OTHERS_TO_LEFT = frozenset(("he", "yi", "dv", "syr", "arc"))


@dataclass(frozen=True)
class Cards:
    """Renders; made once for an application."""

    environment: Environment

    @classmethod
    def from_package(cls) -> Cards:
        """Return the templates that come with kgpub; whatever they insert is escaped."""
        environment = Environment(
            loader=PackageLoader("kgpub.service.reconciliation", "."),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return cls(environment)

    def preview(self, shown: Preview, language: str) -> str:
        """Return a whole HTML page."""
        return self.environment.get_template("preview.html.j2").render(
            shown=shown, language=language, direction=direction
        )

    def flyout(self, thing: Thing, language: str) -> str:
        """Return a piece of HTML, for a page that is not ours."""
        return self.environment.get_template("flyout.html.j2").render(
            thing=thing, language=language, direction=direction
        )


def direction(language: str) -> str:
    """Return the value of `dir` for a language: `auto` where the tag does not tell the script."""
    primary, *others = language.lower().split("-")
    if "latn" in others:
        return "ltr"
    if "arab" in others or primary in _ARABIC_SCRIPT or primary in _OTHERS_TO_LEFT:
        return "rtl"
    return "ltr" if primary == "en" else "auto"
