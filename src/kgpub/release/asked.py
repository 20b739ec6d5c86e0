"""What is asked of a release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from kgpub.errors import CallError
from kgpub.settings.values import Iri

_MAIL = re.compile(r"[A-Za-z0-9.!$'*+/_~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""An address as HTML takes it (Living Standard, 4.10.5.1.5), of characters that mailto: takes."""
_NO_FOLDER = frozenset("?#")
_WEB: TypeAdapter[str] = TypeAdapter(Iri)


@dataclass(frozen=True)
class Asked:
    """What may be asked of a release; "" and None leave it to kgpub.

    `place` is the address under which the folder of all releases will be found, `contact` one of
    mail or web, `key` a key of SSH. With `force` there is a release even where nothing has
    changed. `epoch` is what the environment says in SOURCE_DATE_EPOCH.
    `today` is the last day that has begun anywhere.
    """

    version: str = ""
    date: str = ""
    place: str = ""
    endpoint: str = ""
    contact: str = ""
    key: Path | None = None
    force: bool = False
    epoch: str = ""
    today: str = ""

    def place_below(self, base: str) -> str:
        """Return the address of the folder of all releases, which ends in /."""
        return f"{(self.place or f'{base}release').rstrip('/')}/"

    def require_addresses(self) -> None:
        """Raise CallError where one of the addresses is none."""
        remedy = "Write an address that begins with https:// or http://."
        if self.place and not (_is_web(self.place) and _NO_FOLDER.isdisjoint(self.place)):
            message = f"--at: {self.place} is no address of a folder on the web"
            raise CallError(message, remedy)
        if self.endpoint and not _is_web(self.endpoint):
            message = f"--endpoint: {self.endpoint} is no address of the web"
            raise CallError(message, remedy)
        if self.contact and not (_MAIL.fullmatch(self.contact) or _is_web(self.contact)):
            message = f"--contact: {self.contact} is no address of mail or web"
            raise CallError(message, "Write one such as me@example.org.")


def _is_web(address: str) -> bool:
    try:
        _WEB.validate_python(address)
    except ValidationError:
        return False
    return True
