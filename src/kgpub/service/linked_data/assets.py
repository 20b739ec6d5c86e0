"""The files that pages need, as they come with kgpub."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.pages.assets import PREFIX, asset, asset_digest, asset_names
from kgpub.service.errors import RequestError
from kgpub.service.http.headers import FOR_EVER, headers_of
from kgpub.service.http.tags import is_fresh
from kgpub.service.linked_data.answers import refused

_MEDIA_TYPES = {".css": "text/css; charset=utf-8"}


def asset_route() -> Route:
    """Return the route of all assets that there are, each by its name."""
    names = frozenset(asset_names())

    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in names:
            return refused(RequestError(404, "there is no such file"))
        return _answer(request, name)

    return Route(f"/{PREFIX}{{name}}", answer)


def _answer(request: Request, name: str) -> Response:
    """Return an asset; under the address that tells its digest, it never changes."""
    digest = asset_digest(name)
    content_type = _MEDIA_TYPES[name[name.rindex(".") :]]
    tag = f'"{digest}"'
    headers = {**headers_of(content_type, ""), "ETag": tag}
    if request.query_params.get("v") == digest:
        headers["Cache-Control"] = FOR_EVER
    if is_fresh(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(asset(name), headers=headers, media_type=content_type)
