"""The JSON Schemas that editors complete by, as `kgpub schema` writes them, and translated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from kgpub.messages import LANGUAGES
from kgpub.service.query_page.assets import Asset, made
from kgpub.vocabulary.json_schema import schema_text, submission_schema

MEDIA_TYPE = "application/schema+json"
_TRANSLATED: Mapping[str, str] = {
    f"submission.{language}.schema.json": language for language in LANGUAGES
}
NAMES = ("submission.schema.json", "article.schema.json", *_TRANSLATED)


@lru_cache(maxsize=len(NAMES))
def schema(name: str) -> Asset:
    """Return one of NAMES; to make it takes a tenth of a second."""
    if name in _TRANSLATED:
        document = submission_schema(_TRANSLATED[name])
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    else:
        text = schema_text("submission" if name.startswith("submission.") else "article")
    return made(text.encode(), MEDIA_TYPE)


def name_in(language: str) -> str:
    """Return the name of the schema of submissions whose descriptions are in a language."""
    return f"submission.{language}.schema.json"
