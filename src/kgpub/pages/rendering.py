"""Templates to HTML: the frame around each page, and how texts and links are written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from kgpub.messages import LANGUAGES, RIGHT_TO_LEFT
from kgpub.pages.addresses import Addresses, outward, relative
from kgpub.pages.assets import asset_address
from kgpub.pages.policy import PAGE_POLICY
from kgpub.pages.words import words
from kgpub.settings import Settings

LANGUAGE_NAMES = {"en": "English", "ar": "العربية", "ckb": "کوردی"}
DIRECTIONS: Mapping[str, str] = {
    **dict.fromkeys((*RIGHT_TO_LEFT, "fa", "ur", "he", "ps", "sd", "ug", "yi", "dv", "syr"), "rtl"),
    **dict.fromkeys(("en", "ku", "tr", "de", "fr"), "ltr"),
}
"""Of texts, by the primary subtags of their languages, as far as it is known."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its language tag, "" where it has none."""

    text: str
    language: str = ""

    def __html__(self) -> str:
        """Return it isolated, with language and direction (HTML, bdi)."""
        language = f' lang="{escape(self.language)}"' if self.language else ""
        # Markup, so that whoever formats or joins it does not escape it again.
        return Markup(f'<bdi{language} dir="{direction(self.language)}">{escape(self.text)}</bdi>')


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing by its name, and where its page is: relative or outward, None where there is none."""

    text: Text
    href: str | None = None
    outward: bool = False

    def __html__(self) -> str:
        """Return it as a link where there is one."""
        if self.href is None:
            return self.text.__html__()
        rel = ' rel="noopener nofollow"' if self.outward else ""
        return Markup(f'<a href="{escape(self.href)}"{rel}>{self.text.__html__()}</a>')


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another form of a page: its address from the root, and its media type."""

    address: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages have in common: settings of the workspace."""

    base: str
    title: str
    publisher: str
    licence: str
    static: bool = False
    """Whether it is a folder of files, without a server."""
    titles: tuple[tuple[str, str], ...] = ()
    """Titles in languages that have one of their own, by these."""
    changes: str = ""
    """Where on the web it is told what changes from release to release; a folder, "" for nowhere.
    The service tells it itself."""

    @classmethod
    def of(cls, settings: Settings, static: bool = False) -> Site:
        """Return the site of a workspace with these settings."""
        at = settings.release.at.rstrip("/")
        return cls(
            settings.base,
            settings.title,
            settings.publisher,
            settings.licence,
            static,
            settings.titles.told,
            f"{at}/changes/" if at and static else "",
        )

    def titled(self, language: str) -> str:
        """Return the title for readers of a language."""
        return next((text for tag, text in self.titles if tag == language), self.title)

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.base, self.static)


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds one page. `address` is its own, from the root; see kgpub.pages.addresses.

    `languages` are the addresses of the same page by language, `alternates` its other forms,
    `iri` what it describes ("" where it describes nothing), `json_ld` what search engines read
    of it: a JSON text, which is escaped for its place here. `styles` are names of more assets.
    `policy` is what the page may do, told in it where no server sends it as a header. `above` is
    the path of the root on its host, for a page that is shown under any address: its references
    begin with that, and are relative to nothing.
    """

    site: Site
    language: str
    address: str
    languages: Mapping[str, str] = field(default_factory=dict)
    alternates: tuple[Alternate, ...] = ()
    iri: str = ""
    json_ld: str = ""
    styles: tuple[str, ...] = ()
    policy: str = PAGE_POLICY
    above: str = ""

    @property
    def direction(self) -> str:
        return direction(self.language)

    def to(self, address: str) -> str:
        """Return the reference from this page to an address from the root."""
        return self.above + address if self.above else relative(address, self.address)

    def asset(self, name: str) -> str:
        """Return the reference from this page to a file that comes with the pages."""
        return self.to(asset_address(name))

    @property
    def title(self) -> str:
        """The title of the site, for readers of this page."""
        return self.site.titled(self.language)

    @property
    def home(self) -> str:
        return self.to(f"index.{self.language}.html")

    @property
    def search(self) -> str:
        return self.to(self.site.addresses.search(self.language))

    @property
    def query(self) -> str:
        return self.to(self.site.addresses.query(self.language))

    def page_of(self, iri: str) -> str | None:
        """Return the reference to the page of an IRI of the data, or None."""
        address = self.site.addresses.page(iri, self.language)
        return None if address is None else self.to(address)

    def say(self, key: str, **values: object) -> Markup:
        """Return a text of the catalogue; what is inserted is escaped and isolated."""
        text = words(self.language)[key]
        inserted = {name: _isolated(value) for name, value in values.items()}
        return Markup(text.format_map(inserted) if inserted else text)


def direction(language: str) -> str:
    """Return the direction of a text in a language, `auto` where it is not known."""
    return DIRECTIONS.get(language.lower().partition("-")[0], "auto")


def out(text: Text, iri: str) -> Reference:
    """Return a reference to an IRI of others; one that cannot be followed is no link."""
    href = outward(iri)
    return Reference(text, href, outward=href is not None)


def render(template: str, frame: Frame, **values: object) -> str:
    """Return the page that a template makes in a frame."""
    made = environment().get_template(template)
    context = made.new_context({"frame": frame, "say": frame.say, **values})
    try:
        return "".join(made.root_render_func(context))
    finally:
        # A macro refers to the context that it is in; what a page shows, and the build that it is
        # of, would be kept until Python looks for such circles.
        context.vars.clear()


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return where the templates are."""
    made = Environment(
        loader=PackageLoader("kgpub.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.globals["languages"] = [(each, LANGUAGE_NAMES[each]) for each in LANGUAGES]
    made.filters["script"] = script
    return made


def script(json_text: str) -> Markup:
    """Return JSON that no HTML parser can see the end of a script in (RFC 8259, section 7)."""
    for character in "<>&\u2028\u2029":
        json_text = json_text.replace(character, f"\\u{ord(character):04x}")
    return Markup(json_text)


def _isolated(value: object) -> Markup:
    if hasattr(value, "__html__"):
        return escape(value)
    return Markup("<bdi>{}</bdi>").format(str(value))
