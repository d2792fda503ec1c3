"""A request as the middleware leaves it. For annotations: at run time every request is Django's own."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from pliego.kernel.actors import Actor


class Request(HttpRequest):
    actor: Actor
    received_at: datetime
    id: str
    htmx: HtmxDetails
