"""The chain of payments of an entity, as its administrator writes it; and, for everybody, the way of a public invoice
and how many days each entity takes to pay."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pliego.authority import menu
from pliego.authority.forms import Nothing
from pliego.authority.listing import Line, Listing
from pliego.authority.policy import Act
from pliego.authority.views import crumbs_of, own_account
from pliego.execution import chain as chains
from pliego.execution import chain_forms, chaining, files, queries, series, services, tracking
from pliego.kernel.calendar import calendar
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Unknown
from pliego.parties.models import Account
from pliego.parties.roles import ROLES
from pliego.tendering.codes import CONTRACT_TYPES
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def own_entity(request: Request) -> Account:
    """The entity for which the person acts, when they may configure it; what only sells pays nobody here."""
    account = own_account(request, Act.CONFIGURE)
    if not account.is_buyer:
        raise Unknown()
    return account


@require_safe
@signed_in
def chain(request: Request) -> HttpResponse:
    """The chain in force, step by step."""
    account = own_entity(request)
    written = chaining.in_force(account.pk)
    steps: list[Any] = list(written.steps.select_related("place__user", "group")) if written else list(chains.DEFAULT)
    lead = _("By these steps go the requests of payment that are sent from now on. The last one pays.")
    usual = _("Your entity uses the usual chain: the supervisor of the contract approves and the treasurer pays.")
    listing = Listing(
        _("Chain of payments"), (_("Step"), _("Whose it is"), _("Term"), _("Two people above"), _("What it checks")),
        lead=lead if written else f"{usual} {lead}",
        create=(reverse("execution:set_chain"), _("Change the chain") if written else _("Write your own chain")),
        crumbs=crumbs_of(("", _("Chain of payments"))),
    )  # fmt: skip
    version = ("active", _("Version %(n)s") % {"n": written.version}) if written else None
    end = ((reverse("execution:end_chain"), _("Go back to the usual chain")),) if written else ()
    lines = [_line(step, version if step.number == 1 else None, end if step.number == 1 else ()) for step in steps]
    return listing.page(request, [*lines, *_supports(written)])


def _supports(written: Any) -> list[Line]:
    """The documents that each request brings, after the steps."""
    types = dict(CONTRACT_TYPES)
    return [
        Line((
            _("Document: %(title)s") % {"title": row.title}, _("The contractor"), "–",
            "–", types.get(row.contract_type, _("Every contract")) if row.is_required else _("It may be left out"),
        ))
        for row in (written.supports.all() if written else ())
    ]  # fmt: skip


def _line(step: Any, tag: Any, links: Any) -> Line:
    who = ROLES[step.role].title if step.role else step.place.user.full_name if step.place else step.group.name
    term = _("%(n)s working days") % {"n": step.term_days} if step.term_days else "–"
    above = format_money(Money(step.second_above, "COP")) if step.second_above is not None else "–"
    return Line((f"{step.number}. {step.name}", who, term, above, step.checks or "–"), links, tag)


@GET_OR_POST
@signed_in
def set_chain(request: Request) -> HttpResponse:
    account = own_entity(request)
    title = _("Chain of payments")
    address = reverse("execution:chain")
    return perform(
        request,
        page="authority/form.html",
        form=chain_forms.ChainForm,
        form_options={"account": account},
        act=lambda data, actor: services.set_chain(
            actor=actor, steps=chain_forms.steps_of(data), undo_minutes=data["undo_minutes"], at=request.received_at,
            supports=chain_forms.supports_of(data),
        ),
        done=lambda saved: (address, _("From now on the requests of payment go by these steps.")),
        initial=chain_forms.typed(account),
        context={
            "title": title, "submit_label": _("Save the chain"), "cancel_url": address,
            "crumbs": crumbs_of((address, title), ("", _("Change"))),
            "lead": _("The last step that you write is the one that pays. What is on its way keeps its chain."),
            "fields_template": series.FIELDS,
        },
    )  # fmt: skip


@GET_OR_POST
@signed_in
def end_chain(request: Request) -> HttpResponse:
    own_entity(request)
    title, address = _("Go back to the usual chain"), reverse("execution:chain")
    return perform(
        request,
        page="authority/form.html",
        form=Nothing,
        act=lambda data, actor: services.end_chain(actor=actor, at=request.received_at),
        done=lambda ended: (address, _("From now on the supervisor approves and the treasurer pays.")),
        context={
            "title": title, "submit_label": title, "cancel_url": address,
            "crumbs": crumbs_of((address, _("Chain of payments")), ("", title)),
            "lead": _("What is on its way keeps its chain."),
        },
    )  # fmt: skip


# ---- for everybody ---------------------------------------------------------------------------------------------------


@require_safe
def days_to_pay(request: Request) -> HttpResponseBase:
    """How many days each entity takes to pay, from its public invoices; as a page, CSV or JSON."""
    typed = request.GET.get("anio", "")
    year = int(typed) if typed.isdecimal() and len(typed) == 4 else None
    rows = tracking.days_to_pay(at=request.received_at, year=year)
    if (form := request.GET.get("formato", "")) in files.FORMATS:
        return files.FORMATS[form](rows)
    this_year = calendar.day_of(request.received_at).year
    context = {"rows": rows, "year": year, "years": range(this_year, this_year - 6, -1)}
    return render(request, "execution/days_to_pay.html", context)


@require_safe
def followed(request: Request, code: str) -> HttpResponse:
    """The way of an approved or paid invoice, for anybody; before that it does not exist for the public."""
    found = get_visible(queries.followed(request.actor), code=code)
    context = {"invoice": found, "contract": found.contract, "stops": tracking.tracker(found, request.received_at)}
    return render(request, "execution/followed.html", context)


menu.add(
    menu.Item(
        "execution:chain",
        _("Chain of payments"),
        _("By which steps a request of payment goes, whose each is and in how many days"),
        for_buyers_only=True,
    ),
    before="delegations",
)
