"""A client of `kgpub serve`: validates and submits facts over HTTP."""

from kgpub.client.client import Client
from kgpub.client.errors import Refused, ServiceError
from kgpub.client.report import Report
from kgpub.client.sent import NewArticle, Submission

__all__ = ["Client", "NewArticle", "Refused", "Report", "ServiceError", "Submission"]
