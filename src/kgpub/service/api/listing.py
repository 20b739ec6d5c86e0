"""The list of saved queries: what each asks, with which parameters, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kgpub.service.api.asked import extras
from kgpub.service.api.saved import SavedQuery

PATH = "/api/queries"


def listed(queries: Iterable[SavedQuery], public: str = "") -> dict[str, Any]:
    """Return the list as JSON; addresses begin with `public`."""
    return {"queries": [_listed(query, public) for query in queries]}


def address(query: SavedQuery, public: str = "") -> str:
    """Return the address of a query. Its name is that of a file, and a slug."""
    return f"{public}{PATH}/{query.named.name}"


def _listed(query: SavedQuery, public: str) -> dict[str, Any]:
    named = query.named
    return {
        "name": named.name,
        "url": address(query, public),
        "question": dict(named.questions),
        "parameters": [
            {"name": each.name, "type": each.type, "description": each.description}
            for each in named.parameters
        ],
        "columns": list(named.columns),
        "formats": [form.name for form in query.forms],
        "paging": "limit" in extras(query),
        "example": dict(named.example),
    }
