"""What a service answers, as the JSON of the Reconciliation Service API 0.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kgpub.service.reconciliation.cards import HEIGHT, WIDTH
from kgpub.service.reconciliation.offered import Match, Property, Reconciliation, Thing, Value
from kgpub.version import __version__

Json = dict[str, Any]


def manifest(service: Reconciliation, language: str, address: str, batch: int) -> Json:
    """Return the service manifest (section 3.1); `address` is where the service is."""
    suggest = {
        what: {
            "service_url": address,
            "service_path": f"/suggest/{what}",
            "flyout_service_path": f"/flyout/{what}?id=${{id}}",
        }
        for what in ("entity", "type", "property")
    }
    settings = {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "Most values for each row (0 for as many as the service gives)",
    }
    return {
        "versions": ["0.2"],
        "name": service.title(language),
        "identifierSpace": service.identifier_space,
        "schemaSpace": service.schema_space,
        "defaultTypes": [described(type_) for type_ in service.types(language)],
        "serviceVersion": __version__,
        "batchSize": batch,
        # Not the IRI itself: clients encode the slash within an identifier.
        "view": {"url": f"{address}/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{address}/preview?id={{{{id}}}}",
            "width": WIDTH,
            "height": HEIGHT,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/properties"},
            "property_settings": [settings],
        },
    }


def result(matches: Iterable[Match]) -> Json:
    """Return the candidates of one query (section 4.2)."""
    return {
        "result": [
            {
                **described(match.thing),
                "type": [_named(type_) for type_ in match.thing.types],
                "score": match.score,
                "match": match.sure,
                "features": [{"id": id_, "value": v} for id_, v in match.features.items()],
            }
            for match in matches
        ]
    }


def suggestions(things: Iterable[Thing]) -> Json:
    """Return the answer of a suggest service (section 6.3)."""
    return {
        "result": [
            {
                **described(thing),
                **({"notable": list(map(_named, thing.types))} if thing.types else {}),
            }
            for thing in things
        ]
    }


def proposal(properties: Sequence[Property], type_: str, limit: int | None) -> Json:
    """Return the properties proposed for a type (section 7.2)."""
    told = {"properties": [described(each.thing) for each in properties], "type": type_}
    return told if limit is None else {**told, "limit": limit}


def extended(
    properties: Sequence[Property],
    rows: Mapping[str, Mapping[str, Sequence[Value]]],
    services: Mapping[str, str],
) -> Json:
    """Return the answer to a data extension query (section 7.4).

    `services` are the addresses of the services by their slugs.
    """
    return {
        "meta": [_meta(each, services) for each in properties],
        "rows": {
            id_: {
                property_.thing.id: [
                    _value(value, property_, services) for value in row[property_.thing.id]
                ]
                for property_ in properties
            }
            for id_, row in rows.items()
        },
    }


def _meta(property_: Property, services: Mapping[str, str]) -> Json:
    told: Json = _named(property_.thing)
    if property_.target is not None:
        told["type"] = _named(property_.target)
    if property_.elsewhere in services:
        told["service"] = services[property_.elsewhere]
    return told


def _value(value: Value, property_: Property, services: Mapping[str, str]) -> Json:
    if isinstance(value, int):
        return {"int": value}
    if isinstance(value, str):
        return {"str": value}
    if property_.elsewhere and property_.elsewhere not in services:
        return {"str": value.id}  # nobody who could say more of it
    return {"id": value.id, "name": value.name}


def described(thing: Thing) -> Json:
    """Return identifier, name, and the description if there is one."""
    told = _named(thing)
    return {**told, "description": thing.description} if thing.description else told


def _named(thing: Thing) -> Json:
    return {"id": thing.id, "name": thing.name}
