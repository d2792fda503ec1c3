"""Delegations, the library, the notices of a person, and the report of who could do what."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pliego.authority import delegating, forms, history, library, mandates, queries, subscriptions
from pliego.authority.kinds import KINDS
from pliego.authority.listing import Line, Listing, joined
from pliego.authority.models import Delegation, LibraryItem
from pliego.authority.policy import DELEGATION_POLICY, POLICY, Act, DelegationAct
from pliego.authority.rules import DelegationData
from pliego.authority.views import GET_OR_POST, actor_of, at_of, crumbs_of, form_page, own_account
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.money import cop, format_money
from pliego.kernel.objections import Unknown
from pliego.web.acts import See303, get_visible, perform, signed_in
from pliego.web.templatetags.pliego import instant


@require_safe
@signed_in
def delegations(request: HttpRequest) -> HttpResponse:
    account, actor, at = own_account(request, Act.VIEW), actor_of(request), at_of(request)
    may = POLICY.verdict(actor, Act.DELEGATE, account)
    listing = Listing(
        _("Delegations"), (_("Who delegates"), _("To whom"), _("What"), _("From and until"), _("Act")),
        lead=_("Whoever acts by delegation says so in each act: “A, by delegation of B”."),
        empty=_("There are no delegations."), crumbs=crumbs_of(("", _("Delegations"))),
        create=(reverse("authority:delegation-new"), _("Delegate")) if may else None,
        more={"template": "authority/delegations.html", "usable": queries.usable_by(actor, at)},
    )  # fmt: skip
    return listing.shown(request, queries.delegations_of(actor), lambda row: _delegation_line(row, actor, at))


def _delegation_line(row: Delegation, actor: Actor, at: Any) -> Line:
    what = joined([*row.role_titles, *(KINDS[code].title for code in row.kinds)])
    if row.limit_amount is not None:
        what += " · " + _("up to %(limit)s") % {"limit": format_money(cop(row.limit_amount))}
    term = f"{instant(row.starts_at)} – {instant(row.revoked_at or row.ends_at)}"
    cells = (row.grantor.user.full_name, row.delegate.user.full_name, what, term, row.document)
    is_standing = row.state == "granted" and row.ends_at > at
    tag = ("active", _("Valid")) if is_standing and row.starts_at <= at else None
    tag = tag or (("pending", _("Not yet")) if is_standing else ("closed", _("Over")))
    may = is_standing and DELEGATION_POLICY.verdict(actor, DelegationAct.REVOKE, row)
    revoke = (reverse("authority:delegation-revoke", args=[row.code]), _("Revoke"))
    return Line(cells, (revoke,) if may else (), tag)


@GET_OR_POST
@signed_in
def delegate(request: HttpRequest) -> HttpResponse:
    """Entrust one's own roles, signed, with the act on file."""
    account, actor = own_account(request, Act.DELEGATE), actor_of(request)

    def grant(data: dict[str, Any], actor: Actor) -> Delegation:
        document = data.pop("document")
        told: dict[str, Any] = {name: tuple(data.pop(name)) for name in ("roles", "kinds")}
        wanted = DelegationData(**told, **data)
        return delegating.grant_delegation(actor=actor, data=wanted, document=document, at=at_of(request))

    said = _("Delegation %(code)s was granted. Receipt %(receipt)s.")
    return perform(
        request, page="authority/form.html", form=forms.Delegation, binding=True, act=grant,
        form_options={"account": account, "held": actor.roles, "user_code": actor.user_code},
        initial={"starts_at": at_of(request)},
        done=lambda kept: (
            reverse("authority:delegations"),
            said % {"code": kept.code, "receipt": kept.receipt.code if kept.receipt else ""},
        ),
        context=form_page(_("Delegate"), _("Grant the delegation"), "delegations"),
    )  # fmt: skip


def _visible_delegation(request: HttpRequest, code: str) -> Delegation:
    rows = queries.delegations_of(actor_of(request)).select_related("account")
    return get_visible(rows, code=code)


@GET_OR_POST
@signed_in
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    own_account(request, Act.VIEW)
    kept = _visible_delegation(request, code)
    DELEGATION_POLICY.require(actor_of(request), DelegationAct.REVOKE, kept)
    title = _("Revoke the delegation to %(name)s") % {"name": kept.delegate.user.full_name}
    return perform(
        request,
        page="authority/form.html",
        form=forms.Reason,
        act=lambda data, actor: delegating.revoke_delegation(
            actor=actor, delegation_id=kept.pk, at=at_of(request), reason=data["reason"]
        ),
        done=lambda ended: (reverse("authority:delegations"), _("It ended: from now on they act only as themselves.")),
        context=form_page(title, _("Revoke the delegation"), "delegations"),
    )


@require_POST
@signed_in
def take_up(request: HttpRequest) -> HttpResponse:
    """Act from now on by a delegation, with its roles and no others."""
    form = forms.TakeUp(request.POST)
    code = form.cleaned_data["delegation"] if form.is_valid() else ""
    if mandates.acting_under(actor=actor_of(request), code=code, at=at_of(request)) is None:
        raise Unknown()
    request.session[mandates.SESSION_KEY] = code
    return See303(reverse("workspace:desk"))


@require_POST
@signed_in
def put_down(request: HttpRequest) -> HttpResponse:
    """Act again in one's own name."""
    request.session.pop(mandates.SESSION_KEY, None)
    return See303(reverse("workspace:desk"))


@require_safe
@signed_in
def who_could(request: HttpRequest) -> HttpResponse:
    """Each person and their roles on a day, from where, from when and until when; as a page or as CSV."""
    account = own_account(request, Act.SEE_HISTORY)
    form = forms.Day({"day": request.GET.get("dia", "")})
    day = (form.cleaned_data["day"] if form.is_valid() else None) or calendar.day_of(at_of(request))
    spans = history.on_day(history.spans_of(account), day)
    if request.GET.get("formato") == "csv":
        return _as_csv(spans, f"{account.code}-{day:%Y-%m-%d}.csv")
    listing = Listing(
        _("Who could do what"), (_("Person"), _("Roles"), _("By what"), _("Valid from"), _("Until")),
        lead=_("Read again from the ledger of the account, act by act."), empty=_("Nobody could do anything that day."),
        crumbs=crumbs_of(("", _("Who could do what"))),
        more={"template": "authority/history.html", "form": form, "day": day, "account": account},
    )  # fmt: skip
    return listing.shown(request, spans, _span_line)


def _span_line(span: history.Span) -> Line:
    by = f"{span.source_title} {span.which}".strip()
    return Line(
        (span.name, joined(span.role_titles), by, instant(span.since), instant(span.until) if span.until else "–")
    )


def _as_csv(spans: list[history.Span], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(("person", "name", "roles", "source", "which", "since", "until"))
    for span in spans:
        until = span.until.isoformat() if span.until else ""
        name_shown = "'" + span.name if span.name[:1] in "=+-@" else span.name
        row = (span.person, name_shown, " ".join(span.roles), span.source, span.which, span.since.isoformat(), until)
        writer.writerow(row)
    return response


@GET_OR_POST
@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """Which kinds of notice the person wants, and where; those with legal effects are only listed."""
    actor = actor_of(request)
    kept = subscriptions.preferences_of(actor.user_id or 0)
    initial = {code: [c for c, on in zip(("inbox", "mail"), both, strict=True) if on] for code, both in kept.items()}

    def save(data: dict[str, list[str]], actor: Actor) -> None:
        wanted = {code: ("inbox" in chosen, "mail" in chosen) for code, chosen in data.items()}
        subscriptions.set_preferences(actor=actor, wanted=wanted)

    return perform(
        request, page="authority/notices.html", form=forms.Notices, act=save, initial=initial,
        done=lambda saved: (reverse("authority:notices"), _("Your notices were saved.")),
        context={
            "legal": [kind for kind in subscriptions.NOTICE_KINDS if kind.is_legal],
            "submit_label": _("Save my notices"),
        },
    )  # fmt: skip


@require_safe
@signed_in
def documents(request: HttpRequest) -> HttpResponse:
    account, actor = own_account(request, Act.VIEW), actor_of(request)
    may = POLICY.verdict(actor, Act.KEEP_LIBRARY, account)
    today = calendar.day_of(at_of(request))
    listing = Listing(
        _("Document library"), (_("Name"), _("Document"), _("Valid from"), _("Valid until")),
        lead=_("Wherever a document is attached, those that are valid today are offered."),
        empty=_("There are no documents yet."), crumbs=crumbs_of(("", _("Document library"))),
        create=(reverse("authority:library-new"), _("Add a document")) if may else None,
    )  # fmt: skip
    rows = LibraryItem.objects.filter(account=account, is_active=True).select_related("document")
    return listing.shown(request, rows.order_by("title", "pk"), lambda row: _library_line(row, today, bool(may)))


def _library_line(item: LibraryItem, today: Any, may: bool) -> Line:
    days = [f"{day:%d/%m/%Y}" if day else "–" for day in (item.valid_from, item.valid_until)]
    over = item.valid_until is not None and item.valid_until < today
    early = item.valid_from is not None and item.valid_from > today
    tag = ("closed", _("Over")) if over else ("pending", _("Not yet")) if early else ("active", _("Valid"))
    retire = (reverse("authority:library-retire", args=[item.code]), _("Take out"))
    return Line((item.title, item.document, *days), (retire,) if may else (), tag)


@GET_OR_POST
@signed_in
def add_document(request: HttpRequest) -> HttpResponse:
    own_account(request, Act.KEEP_LIBRARY)
    return perform(
        request,
        page="authority/form.html",
        form=forms.LibraryDocument,
        act=lambda data, actor: library.add_to_library(actor=actor, at=at_of(request), **data),
        done=lambda kept: (reverse("authority:library"), _("The document is in the library.")),
        context=form_page(_("Add a document"), _("Add the document"), "library"),
    )


@GET_OR_POST
@signed_in
def retire_document(request: HttpRequest, code: str) -> HttpResponse:
    account = own_account(request, Act.KEEP_LIBRARY)
    kept = get_visible(LibraryItem.objects.filter(account=account, is_active=True), code=code)
    title = _("Take out %(title)s") % {"title": kept.title}
    return perform(
        request,
        page="authority/form.html",
        form=forms.Nothing,
        act=lambda data, actor: library.retire_from_library(actor=actor, code=code, at=at_of(request)),
        done=lambda gone: (reverse("authority:library"), _("It is no longer offered. Where it was attached it stays.")),
        context=form_page(title, _("Take the document out"), "library"),
    )
