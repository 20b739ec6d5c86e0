"""The title of a workspace in the languages of pages: `[titles]` of `kgpub.toml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kgpub.settings.values import Line


class Titles(BaseModel):
    """`[titles]`: what takes the place of `title` where a language is read. "" says nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    ar: Annotated[Line, Field(description="the title in Arabic")] = ""
    ckb: Annotated[Line, Field(description="the title in Sorani Kurdish")] = ""
    en: Annotated[Line, Field(description="the title in English")] = ""

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The languages that have a title of their own, each with that, in the order of tags."""
        return tuple((language, text) for language, text in sorted(self) if text)
