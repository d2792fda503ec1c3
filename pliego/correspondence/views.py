"""The inbox of an account, the messages of a process, and the pages on which they are written."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.correspondence import forms, queries, services
from pliego.correspondence.files import FORMATS
from pliego.correspondence.models import Case, Message
from pliego.correspondence.policy import CASES, POLICY, Act, CaseAct
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import Tender
from pliego.tendering.views.shown import TENDERS
from pliego.web.acts import See303, get_visible, perform, signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate


@signed_in
def inbox(request: Request) -> HttpResponse:
    """What the account received about all its processes."""
    text, only_unread = request.GET.get("q", "")[:100], request.GET.get("ver") == "sin-leer"
    context = {
        "pager": paginate(request, queries.inbox(request.actor, only_unread=only_unread, text=text)),
        "unread": queries.unread_of(request.actor).count(),
        "q": text,
        "only_unread": only_unread,
    }
    return render(request, "correspondence/inbox.html", context)


def _public(request: Request, code: str) -> Tender:
    """The process, once it is public: before it there is nothing to write about."""
    return get_visible(TENDERS.visible_to(request.actor).public(), code=code)


def _home(tender: Tender) -> str:
    return reverse("correspondence:process", args=[tender.code])


def _crumbs(tender: Tender, here: str = "") -> list[tuple[str, str]]:
    found = [(f"/procesos/{tender.code}/", tender.code), (_home(tender) if here else "", _("Messages"))]
    return [*found, ("", here)] if here else found


def process(request: Request, code: str) -> HttpResponse:
    """The messages of a process that its reader may read, and where to write."""
    tender, text = _public(request, code), request.GET.get("q", "")[:100]
    context = {
        "tender": tender,
        "crumbs": _crumbs(tender),
        "pager": paginate(request, queries.listed(request.actor, tender, text=text).order_by("-number")),
        "q": text,
        "may_write": POLICY.verdict(request.actor, Act.WRITE, tender).allowed,
        "may_ask": POLICY.verdict(request.actor, Act.OPEN_CASE, tender).allowed,
    }
    return render(request, "correspondence/process.html", context)


def download(request: Request, code: str, form: str) -> HttpResponseBase:
    """The correspondence of a process, as far as its reader may read it."""
    tender = _public(request, code)
    if form not in FORMATS:
        raise Unknown()
    return FORMATS[form](tender, queries.listed(request.actor, tender).order_by("number"), request.received_at)


def message(request: Request, code: str, number: int) -> HttpResponse:
    """One message to many; those of a case are read there. Opened for an account that received it, it is read."""
    tender = _public(request, code)
    found: Message = get_visible(queries.listed(request.actor, tender), number=number)
    if found.case is not None:
        return See303(queries.url_of(found))
    services.read_messages(actor=request.actor, messages=[found], at=request.received_at)
    is_own = POLICY.verdict(request.actor, Act.WRITE, tender).allowed or request.actor.account_id == found.author_id
    context = {
        "tender": tender,
        "message": found,
        "crumbs": _crumbs(tender, found.subject),
        "readers": queries.readers(found) if is_own else None,
        "may_ask": POLICY.verdict(request.actor, Act.OPEN_CASE, tender).allowed,
        "is_own": is_own,
    }
    return render(request, "correspondence/message.html", context)


def _require(actor: Actor, act: Act, tender: Tender) -> None:
    """Denied with the reason, before the form is shown."""
    if not (verdict := POLICY.verdict(actor, act, tender)):
        raise Denied(verdict.reason)


def _written(sent: Message) -> tuple[str, Any]:
    receipt = sent.receipt.code if sent.receipt else ""
    return queries.url_of(sent), _("The message was sent. Receipt %(code)s.") % {"code": receipt}


@signed_in
def write(request: Request, code: str) -> HttpResponse:
    """The entity writes to everybody, to a group or to one."""
    tender = _public(request, code)
    _require(request.actor, Act.WRITE, tender)
    return perform(
        request,
        page="correspondence/write.html",
        form=forms.EntityMessageForm,
        form_options={"tender": tender},
        act=lambda data, actor: services.write_message(
            actor=actor, tender_id=tender.pk, group=data["group"], supplier=data["supplier"],
            words=forms.words_of(data), at=request.received_at,
        ),
        done=_written,
        context={
            "tender": tender,
            "title": _("Write a message"),
            "crumbs": _crumbs(tender, _("Write a message")),
            "submit_label": _("Send the message"),
            "cancel_url": _home(tender),
        },
        draft=f"tender:{tender.code}:mensaje",
    )  # fmt: skip


@signed_in
def ask(request: Request, code: str) -> HttpResponse:
    """A supplier writes to the entity."""
    tender = _public(request, code)
    _require(request.actor, Act.OPEN_CASE, tender)
    about = request.GET.get("sobre", "")
    return perform(
        request,
        page="correspondence/write.html",
        form=forms.MessageForm,
        initial={"subject": _("About message %(number)s") % {"number": about} if about.isdigit() else ""},
        act=lambda data, actor: services.open_case(
            actor=actor, tender_id=tender.pk, words=forms.words_of(data), at=request.received_at
        ),
        done=_written,
        context={
            "tender": tender,
            "title": _("Write to the entity"),
            "lead": _("Only the entity and your account read it. From then on the entity knows that you take part."),
            "crumbs": _crumbs(tender, _("Write to the entity")),
            "submit_label": _("Send the message"),
            "cancel_url": _home(tender),
        },
        draft=f"tender:{tender.code}:caso",
    )


@signed_in
def case(request: Request, code: str, number: int) -> HttpResponse:
    """A case from its beginning, and the form of whoever may write in it."""
    rows = Case.objects.visible_to(request.actor).select_related("tender__buyer__organization", "account__organization")
    found: Case = get_visible(rows, tender__code=code, number=number)
    is_entity = request.actor.account_id == found.tender.buyer_id
    verdict = CASES.verdict(request.actor, CaseAct.ANSWER if is_entity else CaseAct.WRITE, found)
    if request.method == "POST" and not verdict:
        raise Denied(verdict.reason)
    messages = list(queries.in_case(found))
    services.read_messages(actor=request.actor, messages=messages, at=request.received_at)
    context = {
        "case": found,
        "tender": found.tender,
        "messages_of_case": messages,
        "crumbs": _crumbs(found.tender, found.code),
        "refusal": "" if verdict else verdict.reason,
        "submit_label": _("Answer") if is_entity else _("Send the message"),
    }
    return perform(
        request,
        page="correspondence/case.html",
        form=forms.ReplyForm,
        act=lambda data, actor: services.write_in_case(
            actor=actor, case_id=found.pk, words=forms.words_of(data), at=request.received_at
        ),
        done=_written,
        context=context,
        draft=f"caso:{found.code}" if verdict else "",
    )
