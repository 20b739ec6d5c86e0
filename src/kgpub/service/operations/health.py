"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kgpub.service.http.headers import KEPT_NOWHERE
from kgpub.service.operations.figures import LookAtPool, PoolFigures
from kgpub.version import __version__

PATH = "/health"


def health_routes(look: LookAtPool) -> list[Route]:
    """Return `/health`, 503 while nothing can be answered, and `/health/live`, always 200."""

    async def ready(request: Request) -> Response:
        figures = look()
        lacking = _lacking(figures)
        told: dict[str, object] = {"status": "unready" if lacking else "ready"}
        if lacking:
            told["reasons"] = lacking
        if figures.build:
            told["build"] = hashlib.sha256(figures.build.encode()).hexdigest()[:16]
        if figures.built is not None:
            built = datetime.fromtimestamp(figures.built, UTC)
            told["built"] = built.isoformat(timespec="seconds")
        told |= {"workers": figures.workers, "version": __version__}
        return JSONResponse(told, 503 if lacking else 200, KEPT_NOWHERE)

    async def live(request: Request) -> Response:
        return JSONResponse({"status": "alive"}, headers=KEPT_NOWHERE)

    return [Route(PATH, ready), Route(f"{PATH}/live", live)]


def _lacking(figures: PoolFigures) -> list[str]:
    reasons = {"no build is served": not figures.build, "no worker is alive": not figures.workers}
    return [reason for reason, is_so in reasons.items() if is_so]
