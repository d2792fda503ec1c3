"""The page of an act on a contract, or on something of a contract, as a row: who may, what it asks, what it says, and
the one service that it calls. The rooms of contracts and of execution write their acts as tables of these rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any

from django.http import HttpResponse

from pliego.contracts import forms, queries
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Text
from pliego.kernel.policy import Policy
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.forms import Form
from pliego.web.http import Request

Call = Callable[[Any, dict[str, Any], Actor, datetime], Any]
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Subject:
    """What the act is about: `row` is the contract itself, or its invoice or guarantee."""

    contract: Contract
    row: Any
    url: str  # where the page goes afterwards
    shown: dict[str, Any] = field(default_factory=dict)  # more for the template

    @classmethod
    def of(cls, contract: Contract, **shown: Any) -> "Subject":
        return cls(contract, contract, queries.url_of(contract), shown)


Find = Callable[..., Subject]


def nothing(subject: Subject, request: Request) -> dict[str, Any]:
    return {}


def no_warning(contract: Contract) -> list[Text]:
    return []


@dataclass(frozen=True)
class ActPage:
    """`find` loads the subject for who may act. `lead`, `initial` and `options` may look at it."""

    act: StrEnum
    call: Call
    title: Text
    submit: Text
    message: Text
    form: type[Form] = forms.ConfirmForm
    lead: Text | Callable[[Subject], Text] = ""
    initial: Callable[[Subject, Request], dict[str, Any]] = nothing
    options: Callable[[Subject, Request], dict[str, Any]] = nothing
    draft: str = ""  # the drafts of this act; each contract has its own
    policy: Policy = POLICY
    warns: Callable[[Contract], list[Text]] = no_warning
    fields: str = ""  # the template of the fields, when they are not simply one below another

    def context(self, subject: Subject) -> dict[str, Any]:
        contract = subject.contract
        return {
            "contract": contract,
            "title": self.title,
            "lead": self.lead(subject) if callable(self.lead) else self.lead,
            "warnings": self.warns(contract),
            "submit_label": self.submit,
            "cancel_url": subject.url,
            "crumbs": [(queries.url_of(contract), contract.code), ("", self.title)],
            "fields_template": self.fields,
            **subject.shown,
        }

    def respond(self, request: Request, subject: Subject) -> HttpResponse:
        return perform(
            request,
            page="contracts/act.html",
            form=self.form,
            act=lambda data, actor: self.call(subject.row, data, actor, request.received_at),
            done=lambda done: (subject.url, self.message),
            binding=self.policy.is_binding(self.act),
            context=self.context(subject),
            initial=self.initial(subject, request),
            form_options=self.options(subject, request),
            draft=f"{self.draft}:{subject.contract.code}" if self.draft else "",
        )


def view_of(page: ActPage, find: Find) -> View:
    """The view of a row of the table. `find(request, page, code, …)` answers 404 or 403 for who may not."""

    @signed_in
    @wraps(find, assigned=())
    def view(request: Request, code: str, **more: Any) -> HttpResponse:
        return page.respond(request, find(request, page, code, **more))

    return view


def on(service: Callable[..., Any], name: str = "contract_id") -> Call:
    """Call a service with the subject's id and what the form gives, under the same names."""

    def call(row: Any, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        return service(actor=actor, at=at, **{name: row.pk}, **data)

    return call


def with_document(service: Callable[..., Any], kind: Callable[..., Any]) -> Call:
    """Call a service with the document that the form took, and the rest as the data it expects."""

    def call(row: Contract, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        rest = {name: value for name, value in data.items() if name != "document"}
        return service(actor=actor, contract_id=row.pk, data=kind(**rest), document=data["document"], at=at)

    return call


def found_for(request: Request, code: str, act: StrEnum, policy: Policy = POLICY, *related: str) -> Contract:
    """The contract, with what is related to it, when the actor may do this to it now."""
    rows = queries.whole(Contract.objects.visible_to(request.actor))
    contract = get_visible(rows.select_related(*related) if related else rows, code=code)
    if not (verdict := policy.verdict(request.actor, act, contract)):
        raise Denied(verdict.reason)
    return contract
