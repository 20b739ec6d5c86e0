"""The page to sign in and out on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kgpub.pages.rendering import Frame, render

STYLE = "account.css"
PLACES: Mapping[str, str] = MappingProxyType({"submit": "submit", "review": "review"})
"""Where one does what a scope allows, from the root."""


@dataclass(frozen=True, slots=True)
class Signing:
    """What the page shows. Addresses are from the root; `problem` and `notice` are keys of the
    catalogue.

    `name` is who has signed in, None for nobody, `scopes` what they may do, `form_token` what
    their form carries. `next` is where to go on, `openid` where to sign in by OpenID Connect, ""
    for nowhere. `is_safe` tells whether nobody on the way reads what is sent.
    """

    action: str
    leave: str
    next: str
    openid: str = ""
    name: str | None = None
    scopes: Sequence[str] = ()
    form_token: str = ""
    problem: str = ""
    notice: str = ""
    is_safe: bool = True
    ends: bool = True
    """Whether they can sign out here: not those whom a proxy names."""


def html(frame: Frame, signing: Signing) -> str:
    """Return the page."""
    return render("sign_in.html.j2", frame, signing=signing, places=PLACES)
