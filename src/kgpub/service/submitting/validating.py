"""`POST /api/validate`: what is wrong with a submission, for anyone."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.service.submitting.answers import form_of, language_asked, report, route
from kgpub.service.submitting.checks import Checks
from kgpub.service.submitting.limits import SubmissionLimits
from kgpub.service.submitting.rates import Rates
from kgpub.service.submitting.received import parameters_of, received
from kgpub.service.submitting.reports import Outcome

PATH = "/api/validate"


@dataclass(frozen=True)
class Validating:
    """Validation on the web: nothing is kept."""

    checks: Checks
    rates: Rates
    limits: SubmissionLimits

    def routes(self) -> list[Route]:
        """Return the route."""
        return [route(PATH, {"POST": self._validate})]

    async def _validate(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        self.rates.count(address)
        parameters = parameters_of(request)
        form = form_of(request, parameters)
        language = language_asked(request, parameters)
        sent = await received(request, self.limits.of_requests)
        found = await self.checks.run(
            *(form.kind, sent.content, language),
            name=sent.name,
            charge=lambda seconds: self.rates.charge(address, seconds),
        )
        return report(request, form, language, Outcome.from_bytes(found).report)
