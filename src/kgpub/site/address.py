"""Where a site will be found on the web."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from kgpub.errors import CallError


@dataclass(frozen=True)
class PublicAddress:
    """The address of a site's root; it ends in a slash."""

    url: str

    @classmethod
    def of_text(cls, text: str) -> PublicAddress | None:
        """Return the address that a text is, None for "". Raises CallError for what is none."""
        if not text:
            return None
        try:
            parts = urlsplit(text)
            is_address = (
                parts.scheme in ("http", "https")
                and bool(parts.hostname)
                and "@" not in parts.netloc  # a password would stand in the site map
                and parts.port != 0  # raises ValueError for what is no port
                and not parts.path.startswith("//")  # would name another host in references
                and text.isascii()
                and text.isprintable()
                and not set(text).intersection(' "<>?#\\^`{|}')
            )
        except ValueError:
            is_address = False
        if not is_address:
            message = f"--at: {text} is no address of a folder on the web"
            raise CallError(message, "Write one such as https://example.org/facts/.")
        return cls(f"{text.rstrip('/')}/")

    @property
    def path(self) -> str:
        """The path on the host, which begins and ends in a slash."""
        return urlsplit(self.url).path

    def of(self, path: str) -> str:
        """Return the address of the file at a path from the root."""
        return self.url + quote(path, safe="/")
