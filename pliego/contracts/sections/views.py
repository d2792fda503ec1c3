"""The nine sections of a contract as pages, and the papers that each party attaches."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from pliego.conditions import conditions
from pliego.conditions.conditions import Condition
from pliego.conditions.forms import MORE, content_of, initial_of
from pliego.contracts import forms, queries, sections, writing
from pliego.contracts.acting import found_for
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY, Act
from pliego.contracts.sections import papers
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Refused, Unknown
from pliego.web import drafts
from pliego.web.acts import See303, perform, signed_in
from pliego.web.http import Request

Answer = Callable[[dict[str, Any], Actor], Any]
TAGS = {
    "ready": _("Ready"),
    "has_errors": _("Something is missing"),
    "not_started": _("Not started"),
    "not_needed": _("Locked"),
}


def url_of(contract: Contract, section: Condition) -> str:
    return reverse("contracts:section", args=[contract.code, section.path])


@signed_in
def hub(request: Request, code: str) -> HttpResponse:
    """The nine sections, each with how it stands: for the entity while it writes, for both parties afterwards."""
    contract = found_for(request, code, Act.VIEW)
    writes = bool(POLICY.verdict(request.actor, Act.EDIT, contract))
    rows = []
    for number, section in enumerate(sections.SECTIONS, 1):
        faults = list(section.rule(contract, request.received_at)) if writes else []
        tag = "has_errors" if faults else "ready" if section.is_started(contract) else "not_started"
        rows.append((number, section.title, url_of(contract, section), tag, TAGS[tag], faults))
    for number, title in sections.LATER:
        tag, url = ("ready", queries.url_of(contract)) if contract.is_public else ("not_needed", "")
        rows.append((number, title, url, tag, TAGS[tag], []))
    context = {"contract": contract, "rows": rows, "writes": writes, "crumbs": _crumbs(contract, _("Sections"))}
    return render(request, "contracts/sections.html", context)


def _crumbs(contract: Contract, *here: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(queries.url_of(contract), contract.code)]
    if len(here) > 1:
        found.append((reverse("contracts:edit", args=[contract.code]), here[0]))
    return [*found, ("", here[-1])]


FORM_ID = "seccion"  # so that a button outside the form sends it elsewhere
# What a room above shows beside a section, by its code: its template with what it needs, or nothing for this person.
BESIDE: dict[str, Callable[[Request, Contract], dict[str, Any] | None]] = {}


class Writing:
    """A section that somebody writes while others may: what they had before them goes and comes with the page."""

    compared = "tendering/clash.html"

    def __init__(self, request: Request, contract: Contract, section: Condition, draft: str) -> None:
        self.contract, self.section = contract, section
        self.sent = request.POST.get("visto", "")[:64]
        self.kept = drafts.newest_of(request.actor, draft)
        self.clashes = False

    @property
    def seen(self) -> str:
        """The mark of what was there when the page was first shown, or when the draft in it was typed."""
        if not self.clashes:
            if self.sent:
                return self.sent
            if self.kept and self.kept.data.get(drafts.SEEN):
                return self.kept.data[drafts.SEEN][0][:64]
        return writing.seen_now(Contract.objects.get(pk=self.contract.pk), self.section)

    def hold(self) -> None:
        try:
            writing.hold_section(contract_id=self.contract.pk, part=self.section.code, seen=self.sent)
        except Refused:
            self.clashes = True
            raise


@signed_in
def section(request: Request, code: str, path: str) -> HttpResponse:
    """One section: its form for whoever may write it now, and what it says for the others who may see the contract."""
    contract, found = found_for(request, code, Act.VIEW), sections.get(path)
    if found.path != path:
        raise Unknown()
    if not POLICY.verdict(request.actor, Act.EDIT, contract):
        POLICY.require(request.actor, Act.EDIT if request.method == "POST" else Act.VIEW, contract)
        return render(request, "contracts/read.html", _around(request, contract, found))
    draft = f"contrato:{contract.code}:{found.code}"
    if request.POST.get("accion") == "dejar":  # the other version stands: what this person typed is forgotten
        drafts.discard(request.actor, draft, version=0)
        return See303(request.path)
    return _written(request, contract, found, draft)


def _written(request: Request, contract: Contract, section: Condition, draft: str) -> HttpResponse:
    now, written = section.content(contract), Writing(request, contract, section, draft)
    row = contract.row_of(section.code)

    def act(data: dict[str, Any], actor: Actor) -> Contract:
        written.hold()
        told: dict[str, Any] = {"actor": actor, "contract_id": contract.pk, "at": request.received_at}
        return writing.save_section(part=section.code, content=content_of(section, data), **told)

    answer = perform(
        request,
        page="contracts/section.html",
        form=forms.PartForm,
        form_options={
            "condition": section,
            "kept": list(written.kept.data) if written.kept and request.method == "GET" else [],
            "people": queries.officers_of(contract) if section.code == "general" else {},
            "origins": row.origins if row else {},
        },
        initial=initial_of(section, now),
        act=act,
        done=lambda saved: (_onward(saved, section, request), _g("The section has been saved.")),
        context={
            **_around(request, contract, section),
            "writing": written,
            "fields_template": "conditions/fields.html",
            "form_id": FORM_ID,
            "submit_label": _("Save and go on"),
            "cancel_url": reverse("contracts:edit", args=[contract.code]),
        },
        draft=draft,
    )
    if request.POST.get("accion", "").startswith(MORE):
        answer.status_code = 200  # nothing was wrong: somebody asked for more rows
    return answer


def _onward(contract: Contract, section: Condition, request: Request) -> str:
    """The section itself while something is missing in it, where it brought new clauses; else the list."""
    if list(section.rule(contract, request.received_at)):
        return url_of(contract, section)
    return reverse("contracts:edit", args=[contract.code])


def _around(request: Request, contract: Contract, section: Condition) -> dict[str, Any]:
    """What stands beside the form of a section, or beside what it says."""
    content = section.content(contract)
    writes = bool(POLICY.verdict(request.actor, Act.EDIT, contract))
    is_general, has_papers = section.code == "general", section.code in {"documents", "supplier_documents"}
    annexes = section.code == "documents"
    attached = writing.papers_of(request.actor, contract) if has_papers else ()
    return {
        "contract": contract,
        "section": section,
        "number": sections.NUMBERS[section.code],
        "title": section.title,
        "lead": section.lead,
        "crumbs": _crumbs(contract, _("Sections"), section.title),
        "said": conditions.told(section, contract, content),
        "lacking": list(section.rule(contract, request.received_at)) if writes else [],
        "notes": list(section.notes(contract, content, request.received_at)) if writes else [],
        "block_template": section.block,
        "beside": BESIDE[section.code](request, contract) if section.code in BESIDE else None,
        "told": conditions.computed(section, contract, content),
        "shows_parties": is_general,
        "bank": queries.bank_account_of(request.actor, contract) if is_general else None,
        "proposed": sections.template_for(contract) if annexes and writes and not content.template else "",
        "papers": [paper for paper in attached if paper.is_annex == annexes],
        "has_papers": has_papers,
        "can_annex": annexes and writes,
        "can_bring": has_papers and not annexes and bool(POLICY.verdict(request.actor, Act.BRING_PAPER, contract)),
    }


# ---- papers ----------------------------------------------------------------------------------------------------------


@signed_in
def annex(request: Request, code: str) -> HttpResponse:
    """The entity adds an annex to the draft."""
    contract = found_for(request, code, Act.EDIT)
    return _paper(
        request,
        contract,
        sections.DOCUMENTS,
        _("Attach an annex"),
        lambda data, actor: writing.attach_annex(actor=actor, contract_id=contract.pk, at=request.received_at, **data),
        form=forms.AnnexForm,
    )


@signed_in
def remove_annex(request: Request, code: str, number: int) -> HttpResponse:
    contract = found_for(request, code, Act.EDIT)
    paper = contract.papers.filter(number=number, account_id=contract.buyer_id).first()
    if paper is None:
        raise Unknown()
    return _paper(
        request,
        contract,
        sections.DOCUMENTS,
        _("Take the annex out: %(title)s") % {"title": paper.title},
        lambda data, actor: writing.remove_annex(
            actor=actor, contract_id=contract.pk, number=number, at=request.received_at
        ),
        form=forms.ConfirmForm,
    )


@signed_in
def bring(request: Request, code: str) -> HttpResponse:
    """The contractor attaches a document."""
    contract = found_for(request, code, Act.BRING_PAPER)
    asked = papers.wanted(contract)
    return _paper(
        request,
        contract,
        sections.SUPPLIER_DOCUMENTS,
        _("Attach a document"),
        lambda data, actor: writing.bring_paper(actor=actor, contract_id=contract.pk, at=request.received_at, **data),
        form=forms.PaperForm,
        asked=asked,
    )


def _paper(
    request: Request, contract: Contract, section: Condition, title: Any, act: Answer, *, form: Any, **options: Any
) -> HttpResponse:
    context = {
        "contract": contract,
        "title": title,
        "submit_label": title,
        "cancel_url": url_of(contract, section),
        "crumbs": _crumbs(contract, _("Sections"), title),
    }
    return perform(
        request,
        page="contracts/act.html",
        form=form,
        form_options=options,
        act=act,
        done=lambda done: (url_of(contract, section), _g("The documents of the contract have been saved.")),
        context=context,
    )
