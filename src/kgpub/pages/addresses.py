"""Where documents stand: from the IRI of a thing to the addresses of what describes it, and back.

An address is a path from the root of server or site, percent-encoded, without a slash before it:
`data/person/x.en.html` for https://example.org/data/person/x. It holds every character of the IRI
behind the base, a percent sign as %25, so that decoding it once gives the IRI again. Of what ends
in a slash the documents are called `index`; where that is the name of a thing, or that with low
lines behind it, they have one low line more: `person/index_.en.html`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from kgpub.messages import LANGUAGES
from kgpub.pages.file_names import file_path
from kgpub.vocabulary import KG, KIND

HTML = ".html"
FORMS = (".ttl", ".jsonld", ".nt")
"""What the names of documents that are no pages end in."""
VOCABULARIES = {KG.removesuffix("#"): "ontology", KIND.removesuffix("#"): "kind"}
"""Where the documents of kgpub's own vocabularies are, from the root, by IRI."""
_FOLDERS = frozenset(("assets", "dumps"))
_FILES = frozenset((*VOCABULARIES.values(), "query", "search", "404"))
"""What stands at the root of every site: folders, and files without their endings."""
_INDEX = "index"
"""Names the documents of an IRI that ends in a slash."""
_LIKE_INDEX = re.compile(r"(?:.*/)?index_*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A document: the IRI it describes, and its ending: `.en.html`, `.ttl`, or `.html` for any."""

    iri: str
    ending: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses below `base`, where all IRIs of the data begin; it ends in a slash.

    Where they are `static` no server takes part: what is at an address is a file, whose name is
    what decoding the address gives, see kgpub.pages.file_names. The pages of the base are the home
    pages. Pages that a server would make of what they are asked are files for each language.
    """

    base: str
    static: bool = False

    @property
    def root(self) -> str:
        """The address of the base itself: `data/`, or empty."""
        return _root(self.base)

    def document(self, iri: str, ending: str) -> str | None:
        """Return the address of the document of `iri` with an ending, or None where none can be.

        None is for IRIs of others, and those with . or .. as a segment, which browsers take away.
        A fragment is not part of a document's address.
        """
        thing = iri.partition("#")[0]
        if not thing.startswith(self.base):
            return None
        path = thing.removeprefix(self.base)
        if any(segment in (".", "..") for segment in path.split("/")):
            return None
        if not path or path.endswith("/"):
            path += _INDEX
        elif _LIKE_INDEX.fullmatch(path):
            path += "_"
        if not self.static:
            return f"{self.root}{quote(path, safe='/')}{ending}"
        if path == _INDEX:
            return f"{_INDEX}{ending}"
        full = f"{unquote(self.root)}{path}{ending}"
        taken = _FOLDERS if "/" in full else _FILES
        return quote(file_path(full, ending, self.root.count("/"), taken), safe="/")

    def page(self, iri: str, language: str) -> str | None:
        """Return the address of the page of `iri` in `language`, or None."""
        return self.document(iri, f".{language}{HTML}")

    def search(self, language: str) -> str:
        """Return the address of the search page in `language`."""
        return f"search.{language}{HTML}" if self.static else f"search?lang={language}"

    def query(self, language: str, text: str = "") -> str:
        """Return the address of the query page in `language`, with the text of a query."""
        asked = f"query={quote(text, safe='')}" if text else ""
        if self.static:
            return f"query.{language}{HTML}" + (f"?{asked}" if asked else "")
        return f"query?lang={language}" + (f"&{asked}" if asked else "")

    def term(self, iri: str, language: str) -> str | None:
        """Return the address where a term of kgpub's own vocabularies is defined, or None."""
        vocabulary, mark, name = iri.partition("#")
        if not mark or vocabulary not in VOCABULARIES:
            return None
        return f"{VOCABULARIES[vocabulary]}.{language}{HTML}#{quote(name)}"

    def described(self, address: str) -> Document | None:
        """Return what the document at an address describes, or None where no document can be.

        Of an `index` it is the IRI that ends in the slash before it. Names of files do not tell it:
        not for addresses that are `static`.
        """
        if not address.startswith(self.root):
            return None
        path = unquote(address.removeprefix(self.root))
        endings = (*(f".{language}{HTML}" for language in LANGUAGES), HTML, *FORMS)
        ending = next((each for each in endings if path.endswith(each)), None)
        if ending is None:
            return None
        name = path.removesuffix(ending)
        if _LIKE_INDEX.fullmatch(name):
            name = name[:-1] if name.endswith("_") else name.removesuffix(_INDEX)
        return Document(self.base + name, ending)


@lru_cache(maxsize=8)  # for every reference in every page
def _root(base: str) -> str:
    return quote(unquote(urlsplit(base).path).lstrip("/"), safe="/")


def relative(target: str, page: str) -> str:
    """Return the reference that leads from the page at one address to another (RFC 3986, 4.2).

    `target` may have a query or a fragment. Works wherever the site's root is, also in a folder.
    """
    cut = min((target.index(mark) for mark in "?#" if mark in target), default=len(target))
    path, rest = target[:cut], target[cut:]
    there, here = path.split("/"), page.partition("?")[0].split("/")
    if there == here:
        # Says the name again where there is a query: an empty path would keep the page's own.
        return rest if rest.startswith("#") else f"./{there[-1]}{rest}"
    shared = 0
    for left, right in zip(there[:-1], here[:-1], strict=False):
        if left != right:
            break
        shared += 1
    up = len(here) - 1 - shared
    below = "/".join(there[shared:])
    # Without a dot before it, an empty first segment would begin the path of another root.
    return ("../" * up if up else "./") + below + rest


def outward(iri: str) -> str | None:
    """Return `iri` as a link to elsewhere, or None: no scheme but http and https is followed."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return None
    return iri if parts.scheme in ("http", "https") and parts.hostname else None


def anchor(iri: str) -> str:
    """Return the id that stands for a thing inside a page: `statement-ce22…` of …/statement/ce22….

    Ids of different IRIs are different if their last two segments are.
    """
    ends = "-".join(iri.rstrip("/").split("/")[-2:])
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f".{ord(found[0]):x}.", ends)
