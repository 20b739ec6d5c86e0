"""What of `[serve]` the environment says, as containers and services are set up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from kgpub.errors import WorkspaceError
from kgpub.settings import faults
from kgpub.settings.reading import Settings
from kgpub.settings.serving import Serving

PREFIX = "KGPUB_SERVE_"


def serving(settings: Settings, environment: Mapping[str, str]) -> Serving:
    """Return how to serve: as `environment` says, and where it says nothing, as `settings` do.

    Its variables begin with PREFIX; an empty one says nothing, lists are parted by white space.
    Raises WorkspaceError with the name of the first that is wrong or unknown.
    """
    known = variables()
    values: dict[str, Any] = settings.serve.model_dump(exclude_unset=True)
    for name in sorted(environment):
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            raise _unknown(name, known)
        text = environment[name]
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise WorkspaceError(f"{name}: it is not UTF-8", "Write it in UTF-8.") from error
        if text:
            _put(values, known[name], text)
    try:
        return Serving.model_validate(values, strict=False)
    except ValidationError as error:
        fault = faults.first(error)
        keys = faults.names(fault)
        description = faults.table(Serving, keys).model_fields[keys[-1]].description
        message = f"{PREFIX}{'_'.join(keys).upper()}: {faults.said(fault)}"
        raise WorkspaceError(message, f"{keys[-1]}: {description}.") from error


def variables() -> Mapping[str, tuple[str, ...]]:
    """Return the names of all variables, each with the keys that lead to its setting."""
    return {PREFIX + "_".join(keys).upper(): keys for keys in _paths(Serving)}


def _paths(model: type[BaseModel], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        keys = (*before, name)
        if isinstance(field.default, BaseModel):
            yield from _paths(type(field.default), keys)
        else:
            yield keys


def _put(values: dict[str, Any], keys: tuple[str, ...], text: str) -> None:
    for key in keys[:-1]:
        values = values.setdefault(key, {})
    field = faults.table(Serving, keys).model_fields[keys[-1]]
    values[keys[-1]] = text.split() if get_origin(field.annotation) is tuple else text


def _unknown(name: str, known: Mapping[str, tuple[str, ...]]) -> WorkspaceError:
    likely = faults.nearest(name.removeprefix(PREFIX), map("_".join, known.values()))
    shown = name[: faults.MAX_QUOTED]
    remedy = f"Did you mean {PREFIX}{likely.upper()}?" if likely else "Remove it."
    return WorkspaceError(f"unknown variable {shown!r} in the environment", remedy)
