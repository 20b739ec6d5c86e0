"""The kinds of values that settings have."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field
from pyoxigraph import NamedNode

_TAKEN = (
    "w3id.org/kgpub/ontology",
    "w3id.org/kgpub/kind",
    "w3id.org/kgpub/shapes",
    "www.wikidata.org/",
    "www.w3.org/",
    "purl.org/dc/",
    "id.loc.gov/datatypes/",
)
"""Where the IRIs begin, behind http:// or https://, that others define and kgpub's data use."""

_ORIGIN = re.compile(
    r"(https?://(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?)/?"
)
_HOST = re.compile(r"[A-Za-z0-9._:%-]{1,253}")
_MAIL = re.compile(r"[A-Za-z0-9.!$'*+/_~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""An address as HTML takes it (Living Standard, 4.10.5.1.5), of characters that mailto: takes."""


def _web_iri(text: str) -> str:
    """Return `text` if it is an http or https IRI (RFC 3987)."""
    if not re.match(r"https?://[^/?#]", text):
        raise ValueError("it does not begin with https:// or http:// and the name of a host")
    if any(unicodedata.category(each) in ("Cc", "Cf") for each in text):
        raise ValueError("it holds an invisible character")
    NamedNode(text)
    return text


def _web_folder(text: str) -> str:
    if "?" in text or "#" in text:
        raise ValueError("it holds ? or #, and is no folder")
    return text


def _contact(text: str) -> str:
    if not _MAIL.fullmatch(text):
        try:
            _web_iri(text)
        except ValueError as error:
            raise ValueError("it is no address of mail or web, such as me@example.org") from error
    return text


def _base(text: str) -> str:
    if not text.endswith("/") or "?" in text or "#" in text:
        raise ValueError("it does not end in /, or holds ? or #")
    if text.partition("://")[2].startswith(_TAKEN):
        raise ValueError("it belongs to a vocabulary that is not yours; begin with your own host")
    return text


def _line(text: str) -> str:
    if any(unicodedata.category(each) == "Cc" for each in text):
        raise ValueError("it holds a control character")
    return text


def _origin(text: str) -> str:
    match = _ORIGIN.fullmatch(text)
    if text and match is None:
        raise ValueError("it is not https:// or http:// and a host, with nothing behind it")
    return match[1] if match else ""


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError("it is neither an address nor the name of a host")
    return text


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        raise ValueError("it is neither an IP address nor a network such as 10.0.0.0/8") from error
    return text


Iri = Annotated[str, AfterValidator(_web_iri)]
Base = Annotated[Iri, AfterValidator(_base)]
WebFolder = Annotated[Iri, AfterValidator(_web_folder)]
Contact = Annotated[str, AfterValidator(_contact)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_line)]
Origin = Annotated[str, AfterValidator(_origin)]
"""Scheme and host of the web, "" for none."""
Host = Annotated[str, AfterValidator(_host)]
Network = Annotated[str, AfterValidator(_network)]
