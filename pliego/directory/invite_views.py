"""Inviting suppliers to a process from the directory, and how far those invited are."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pliego.directory import forms, inviting, pages
from pliego.directory.policy import POLICY
from pliego.directory.policy import Act as DirectoryAct
from pliego.directory.search import search
from pliego.kernel.objections import Denied, Unknown, gather
from pliego.parties.models import Account
from pliego.tendering import joining, services
from pliego.tendering.models import Invitation, Tender
from pliego.tendering.policy import POLICY as TENDERING
from pliego.tendering.policy import Act, act_of_inviting
from pliego.tendering.views.shown import crumbs, inside, require, url
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request

STATES = {
    "invited": gettext_lazy("Invited"),
    "seen": gettext_lazy("Read the notice"),
    "offered": gettext_lazy("Presented an offer"),
}


LEADS = {
    Act.TELL_SUPPLIERS: gettext_lazy(
        "Anybody may take part in this process: those whom you tick are told of it at once, and nobody's rights change."
    ),
    Act.ADMIT_SUPPLIERS: gettext_lazy(
        "Only those invited may offer in this process. Inviting more is an act that you sign: it is public, it admits"
        " all those ticked at the same time and cannot be undone, and those already invited are told. The term for"
        " offers stays as it is: if too little is left of it, extend it by an addendum."
    ),
}
LABELS = {
    Act.EDIT_INVITATION: gettext_lazy("Invite those ticked"),
    Act.TELL_SUPPLIERS: gettext_lazy("Invite those ticked and tell them"),
    Act.ADMIT_SUPPLIERS: gettext_lazy("Sign and admit those ticked"),
}


@inside()
def invite(request: Request, tender: Tender) -> HttpResponse:
    """The search of the directory in place; those ticked are invited in one act."""
    act = act_of_inviting(tender)
    require(request.actor, act, tender)
    if not tender.rulebook.flags.invites:
        raise Unknown()
    back = url("invitation", tender) if act is Act.EDIT_INVITATION else reverse("directory:invited", args=[tender.code])
    around = _around(request, tender)
    return perform(
        request,
        page="directory/invite.html",
        form=forms.InviteForm,
        form_options={"lines": [(code, line.name) for code, line in around["shown"].items()]},
        act=lambda data, actor: services.invite_suppliers(
            actor=actor, tender_id=tender.pk, supplier_codes=data["suppliers"], at=request.received_at
        ),
        done=lambda made: (back, _many(made)),
        binding=act is Act.ADMIT_SUPPLIERS,
        context={**around, "lead": LEADS.get(act), "submit_label": LABELS[act], "cancel_url": back},
    )


def _around(request: Request, tender: Tender) -> dict[str, Any]:
    """The search, what it found, and what stands against inviting anybody now."""
    asked = inviting.asked_for(tender, request.GET.dict())
    found = None if asked.objections else search(question=asked.question)
    rows = found.rows if found else []
    return {
        "tender": tender,
        "asked": asked,
        "typed": asked.typed,
        "choices": pages.choices(asked),
        "shown": dict(zip([row["code"] for row in rows], pages.lines(found) if found else [], strict=True)),
        "faults": asked.objections,
        "counted": pages.counted(found) if found else "",
        "classes": inviting.classes_of(tender),
        "next": asked.address(after=found.after) if found and found.after else "",
        "invited": set(tender.invitations.values_list("supplier__code", flat=True)),
        "late": gather(joining.invitation_is_late(tender, request.received_at)) if tender.is_public else (),
        "crumbs": crumbs(tender, _("Invite suppliers")),
    }


def _many(made: list[Invitation]) -> str:
    told = ngettext("%(n)s supplier is invited.", "%(n)s suppliers are invited.", len(made)) % {"n": len(made)}
    if made[0].receipt is None:
        then = _("They are told when the process is published.")
    else:
        then = _("They are being told. Receipt %(code)s.") % {"code": made[0].receipt.code}
    return f"{told} {then}"


@inside()
def invited(request: Request, tender: Tender) -> HttpResponse:
    """Who was invited and how far each is; and, while the process receives offers, the way to invite more."""
    if not tender.rulebook.flags.invites:
        raise Unknown()
    rows = [(one, STATES[one.state]) for one in inviting.invited_to(tender)]
    more = None
    if tender.state in {"published", "suspended"}:
        verdict = TENDERING.verdict(request.actor, act_of_inviting(tender), tender)
        late = gather(joining.invitation_is_late(tender, request.received_at)) if verdict else ()
        address = reverse("directory:invite", args=[tender.code])
        more = button(_("Invite more suppliers"), address, verdict=verdict, objections=late)
    context = {"tender": tender, "rows": rows, "more": more, "crumbs": crumbs(tender, _("Invited suppliers"))}
    return render(request, "directory/invited.html", context)


@signed_in
def invite_to(request: Request, supplier: str) -> HttpResponse:
    """Choose the process to which this supplier is invited."""
    rows = Account.objects.visible_to(request.actor).select_related("organization").filter(is_supplier=True)
    account = get_visible(rows, code=supplier)
    if not (verdict := POLICY.verdict(request.actor, DirectoryAct.INVITE, account)):
        raise Denied(verdict.reason)
    processes = {one.code: one for one in inviting.processes_that_invite(request.actor, request.received_at)}
    profile = reverse("directory:profile", args=[supplier])

    def act(data: dict[str, Any], actor: Any) -> tuple[str, str]:
        tender = processes[data["process"]]
        if tender.is_public:  # what it does, and whether it is signed, is said where it is done
            return f"{reverse('directory:invite', args=[tender.code])}?{urlencode({'q': account.name})}", ""
        invited: dict[str, Any] = {"tender_id": tender.pk, "supplier_codes": [supplier], "at": request.received_at}
        return url("invitation", tender), _many(services.invite_suppliers(actor=actor, **invited))

    return perform(
        request, page="directory/invite_to.html", form=forms.ChooseProcess, act=act,
        form_options={"choices": [(code, f"{code} · {one.title}") for code, one in processes.items()]},
        done=lambda led: led,
        context={"account": account, "processes": processes, "submit_label": _("Invite it"), "cancel_url": profile,
                 "crumbs": [(reverse("directory:list"), _("Directory")), (profile, account.name), ("", _("Invite"))]},
    )  # fmt: skip
