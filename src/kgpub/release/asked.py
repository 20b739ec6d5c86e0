"""What is asked of a release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from kgpub.errors import CallError
from kgpub.settings import Releasing
from kgpub.settings.values import Contact, Iri, WebFolder

_WEB: TypeAdapter[str] = TypeAdapter(Iri)
_FOLDER: TypeAdapter[str] = TypeAdapter(WebFolder)
_CONTACT: TypeAdapter[str] = TypeAdapter(Contact)


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

    def completed(self, settings: Releasing, root: Path, remembered: str = "") -> Asked:
        """Return the same, with what `settings` of the workspace at `root` say where this does not.

        Where neither says where the releases are found, they are where it is `remembered`. Raises
        CallError where the key lies in the home of nobody.
        """
        key = self.key
        if key is None and settings.key:
            try:
                key = root / Path(settings.key).expanduser()
            except RuntimeError as error:
                message = f"[release] key: {settings.key} is in the home of nobody here"
                raise CallError(message, "Write where the key is, from / on.") from error
        return replace(
            self,
            place=self.place or settings.at or (remembered if _is(_FOLDER, remembered) else ""),
            endpoint=self.endpoint or settings.endpoint,
            contact=self.contact or settings.contact,
            key=key,
        )

    def place_below(self, base: str) -> str:
        """Return the address of the folder of all releases, which ends in /."""
        return f"{(self.place or f'{base}release').rstrip('/')}/"

    def to_remember(self, settings: Releasing, base: str) -> str:
        """Return the address of the folder that nothing else tells again, "" for none."""
        told = (Asked(place=place).place_below(base) for place in ("", settings.at))
        place = self.place_below(base)
        return "" if place in told else place

    def require_addresses(self) -> None:
        """Raise CallError where one of the addresses is none."""
        remedy = "Write an address that begins with https:// or http://."
        if self.place and not _is(_FOLDER, self.place):
            message = f"--at: {self.place} is no address of a folder on the web"
            raise CallError(message, remedy)
        if self.endpoint and not _is(_WEB, self.endpoint):
            message = f"--endpoint: {self.endpoint} is no address of the web"
            raise CallError(message, remedy)
        if self.contact and not _is(_CONTACT, self.contact):
            message = f"--contact: {self.contact} is no address of mail or web"
            raise CallError(message, "Write one such as me@example.org.")


def _is(kind: TypeAdapter[str], text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True
