"""What releases say of where they are found and who signs them: `[release]` of `kgpub.toml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kgpub.settings.values import Contact, Iri, Line, WebFolder


class Releasing(BaseModel):
    """`[release]`: what options of `kgpub release` and the environment may say instead.

    `key` is a path from the workspace's folder; ~ is the home of who makes the release. "" says
    nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    at: Annotated[
        WebFolder,
        Field(description="the address that the folder of all releases has on the web"),
    ] = ""
    endpoint: Annotated[Iri, Field(description="the address of the data's SPARQL endpoint")] = ""
    contact: Annotated[
        Contact, Field(description="an address of mail or web by which readers reach you")
    ] = ""
    key: Annotated[
        Line,
        Field(
            description="the file of the SSH key to sign with, or of the public key of one in an "
            "agent"
        ),
    ] = ""
