"""The API's ground: one schema base, one router class, one shape of error.

Errors are `{"errors": [{"field", "code", "sentence", "legal_basis"}], "request_id"}`. Unknown fields are refused.
"""

from typing import Any

import ninja
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError
from ninja.openapi import schema as openapi
from ninja.schema import NinjaGenerateJsonSchema
from pydantic import ConfigDict
from pydantic.json_schema import CoreModeRef, DefsRef

from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.web.errors import answer, problem

__all__ = ["Receipt", "Router", "Schema", "build", "example", "router"]


class Schema(ninja.Schema):
    """Base of every body: undeclared fields are refused, strings are trimmed and bounded."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=20_000)


def example(**fields: Any) -> ConfigDict:
    """`model_config = example(title="…")` in a body: what its OpenAPI page shows, and what tests send."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Receipt(ninja.Schema):
    """What every act answers: the code of its receipt and where to read it."""

    code: str
    url: str

    @classmethod
    def of(cls, entry: Any) -> "Receipt":
        """The receipt of an act, from the ledger entry that the service left on what it changed."""
        return cls(code=entry.code, url=f"/recibos/{entry.code}/")


class RoomNames(NinjaGenerateJsonSchema):
    """Names of bodies in the OpenAPI document: `tendering.Reason` is not `accounts.Reason`."""

    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        ref = super().get_defs_ref(core_mode_ref)
        place = core_mode_ref[0].split(":")[0]
        if place.startswith("pliego."):
            *rooms, name = place.removeprefix("pliego.").split(".")
            named = ".".join([part for part in rooms if part not in {"api", "schemas"}] + [name])
            choices = self._prioritized_defsref_choices[ref]
            choices[:2] = [DefsRef(named), DefsRef(f"{named}-{core_mode_ref[1].title()}")]
        return ref


class Router(ninja.Router):
    """A room's part of the API."""


router = Router(tags=["web"])


def build() -> ninja.NinjaAPI:
    openapi.NinjaGenerateJsonSchema = RoomNames  # type: ignore[misc, attr-defined]  # ninja has no setting for it
    api = ninja.NinjaAPI(
        title="Pliego",
        version="1",
        description="Public procurement: every act over the same services as the pages.",
        urls_namespace="api",
        docs_url=None,  # the stock page loads scripts from elsewhere; ours is drawn from the same document
    )
    for expected in (Refused, Denied, Unknown):
        api.exception_handler(expected)(answer)
    api.exception_handler(ValidationError)(_malformed)
    api.exception_handler(HttpError)(_http_error)
    return api


def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(request, [_objection(fault) for fault in error.errors], 422)


def _objection(fault: dict[str, Any]) -> Objection:
    # ninja locates a fault as ("body", "payload", "field", …): the first two are not the caller's words.
    field = ".".join(str(step) for step in fault["loc"][2:] or fault["loc"][1:])
    match fault["type"]:
        case "extra_forbidden":
            return Objection("unknown_field", _("This field does not exist here."), field)
        case "missing":
            return Objection("missing", _("This field is required."), field)
        case "string_too_long":
            return Objection("too_long", _("This text is too long."), field)
    return Objection(fault["type"], _("This value is not valid: %(why)s.") % {"why": fault["msg"]}, field)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, [Objection("http", str(error))], error.status_code)
