"""Inviting suppliers to a process from the directory, and how far those invited are."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pliego.directory import forms, inviting, pages
from pliego.directory.policy import POLICY
from pliego.directory.policy import Act as DirectoryAct
from pliego.directory.search import search
from pliego.kernel.objections import Denied, Unknown
from pliego.parties.models import Account
from pliego.tendering import services
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.views.shown import crumbs, inside, url
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request

STATES = {
    "invited": gettext_lazy("Invited"),
    "seen": gettext_lazy("Read the notice"),
    "offered": gettext_lazy("Presented an offer"),
}


@inside(Act.EDIT_INVITATION)
def invite(request: Request, tender: Tender) -> HttpResponse:
    """The search of the directory in place; those ticked are invited in one act."""
    if not tender.rulebook.flags.invites:
        raise Unknown()
    asked = inviting.asked_for(tender, request.GET.dict())
    found = None if asked.objections else search(question=asked.question)
    rows = found.rows if found else []
    shown = dict(zip([row["code"] for row in rows], pages.lines(found) if found else [], strict=True))
    return perform(
        request,
        page="directory/invite.html",
        form=forms.InviteForm,
        form_options={"lines": [(code, line.name) for code, line in shown.items()]},
        act=lambda data, actor: services.invite_suppliers(
            actor=actor, tender_id=tender.pk, supplier_codes=data["suppliers"], at=request.received_at
        ),
        done=lambda made: (url("invitation", tender), _many(len(made))),
        context={
            "tender": tender, "asked": asked, "typed": asked.typed, "choices": pages.choices(asked), "shown": shown,
            "faults": asked.objections, "counted": pages.counted(found) if found else "",
            "classes": inviting.classes_of(tender),
            "next": asked.address(after=found.after) if found and found.after else "",
            "invited": set(tender.invitations.values_list("supplier__code", flat=True)),
            "crumbs": crumbs(tender, _("Invite suppliers")), "cancel_url": url("invitation", tender),
            "submit_label": _("Invite those ticked"),
        },
    )  # fmt: skip


def _many(count: int) -> str:
    told = ngettext("%(n)s supplier is invited.", "%(n)s suppliers are invited.", count) % {"n": count}
    then = _("They are told when the process is published.")
    return f"{told} {then}"


@inside()
def invited(request: Request, tender: Tender) -> HttpResponse:
    """Who was invited and how far each is."""
    if not tender.rulebook.flags.invites:
        raise Unknown()
    rows = [(one, STATES[one.state]) for one in inviting.invited_to(tender)]
    context = {"tender": tender, "rows": rows, "crumbs": crumbs(tender, _("Invited suppliers"))}
    return render(request, "directory/invited.html", context)


@signed_in
def invite_to(request: Request, supplier: str) -> HttpResponse:
    """Choose the process to which this supplier is invited."""
    rows = Account.objects.visible_to(request.actor).select_related("organization").filter(is_supplier=True)
    account = get_visible(rows, code=supplier)
    if not (verdict := POLICY.verdict(request.actor, DirectoryAct.INVITE, account)):
        raise Denied(verdict.reason)
    drafts = {one.code: one for one in inviting.drafts_that_invite(request.actor)}
    profile = reverse("directory:profile", args=[supplier])

    def act(data: dict[str, Any], actor: Any) -> Tender:
        tender = drafts[data["process"]]
        services.invite_suppliers(actor=actor, tender_id=tender.pk, supplier_codes=[supplier], at=request.received_at)
        return tender

    return perform(
        request, page="directory/invite_to.html", form=forms.ChooseProcess, act=act,
        form_options={"choices": [(code, f"{code} · {one.title}") for code, one in drafts.items()]},
        done=lambda tender: (url("invitation", tender), _many(1)),
        context={"account": account, "drafts": drafts, "submit_label": _("Invite it"), "cancel_url": profile,
                 "crumbs": [(reverse("directory:list"), _("Directory")), (profile, account.name), ("", _("Invite"))]},
    )  # fmt: skip
