"""The page of a native process, section by section, as finished strings: templates only place them.

SECTIONS is the table of the page. A section with nothing to show yet is not on it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pliego.bidding.models import Bid
from pliego.codelists.queries import unspsc_names
from pliego.conditions import criteria
from pliego.conditions.conditions import computed, told
from pliego.kernel.objections import Text
from pliego.ledger.models import Entry
from pliego.methods.gantt import Chart
from pliego.publication.native.reading import Known
from pliego.publication.pages import money, named
from pliego.tendering import halts
from pliego.tendering import sections as registry
from pliego.tendering.codes import ground_of
from pliego.tendering.queries import by_envelope, chart, rewritten
from pliego.web.templatetags.pliego import address, file_size, instant, iso

HASH_SHOWN = 16


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """A document that the public may download."""

    title: str
    kind: str
    url: str
    size: str
    at: str
    sha256: str
    note: str = ""

    @property
    def short_hash(self) -> str:
        return self.sha256[:HASH_SHOWN]


@dataclass(frozen=True)
class Step:
    """A date of the schedule."""

    title: str
    at: str
    at_iso: str
    is_past: bool
    is_next: bool
    legal_basis: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """A question and its answer."""

    number: str
    who: str
    at: str
    text: str
    answer: str
    answered: str
    about: str = ""
    together: str = ""


@dataclass(frozen=True)
class Offer:
    """An opened offer, and what was found in it once the report is public."""

    code: str
    supplier: str
    nit: str
    received: str
    total: str
    state: str
    colour: str
    rank: str
    papers: list[Paper]
    findings: list[str] = field(default_factory=list)
    lots: str = ""


@dataclass(frozen=True)
class Act:
    """A folio of the file; of a reserved act only its hash is public."""

    folio: int
    title: str
    at: str
    at_iso: str
    who: str
    code: str
    url: str
    leaf: str
    is_public: bool


@dataclass(frozen=True)
class Section:
    code: str
    title: Text
    template: str
    make: Callable[[Known, datetime], Any]


@dataclass(frozen=True)
class Shown:
    """A section that has something to show."""

    code: str
    title: str
    template: str
    data: Any


def paper(document: Any, title: str, kind: str, at: datetime | None, note: str = "") -> Paper:
    return Paper(
        title=title,
        kind=kind,
        url=document.get_absolute_url(),
        size=file_size(document.size),
        at=instant(at),
        sha256=document.sha256,
        note=note,
    )


def facts(known: Known, at: datetime) -> list[Fact]:
    tender, rulebook = known.tender, known.rulebook
    codes = [code for code in [tender.unspsc_main, *tender.unspsc_additional] if code]
    names = unspsc_names(codes)
    duration = f"{tender.duration} {tender.get_duration_unit_display()}".lower() if tender.duration else ""
    said = [
        Fact(_("Reference of the entity"), tender.reference),
        Fact(_("Description"), tender.description),
        Fact(_("Type of contract"), str(tender.get_contract_type_display()) if tender.contract_type else ""),
        Fact(_("Method"), str(rulebook.title), rulebook.legal_basis),
        Fact(_("Standard document"), *_standard(known)),
        Fact(_("State"), str(tender.state_title)),
        Fact(_("Stage"), str(tender.stage_now.title)),
        Fact(_("Grounds of the method"), tender.method_justification),
        Fact("UNSPSC", "; ".join(f"{code} {names.get(code, '')}".strip() for code in codes)),
        Fact(_("Duration"), duration),
        Fact(_("Place of performance"), ", ".join(filter(None, [str(known.place or ""), tender.delivery_address]))),
        Fact(_("Contracting unit"), tender.unit.name if tender.unit else ""),
        Fact(_("Annual plan"), tender.plan_line.public_description if tender.plan_line else tender.plan_justification),
        Fact(_("Budget certificate"), tender.budget_certificate, _amount(tender.budget_certificate_amount)),
        Fact(_("Origin of the money"), str(tender.get_funding_source_display()) if tender.funding_source else ""),
        Fact(_("Requests to limit it to Mipymes"), str(known.limitation_requests or "")),
        Fact(_("Reason why it ended"), tender.ending_reason, tender.ending_basis),
        Fact(_("Ground of the law"), str(ground_of(tender.ending_basis))),
    ]
    return [fact for fact in said if fact.value]


def _standard(known: Known) -> tuple[str, str]:
    """The standard document and its version, with the act that adopts it."""
    if (chosen := known.standard) is None:
        return "", ""
    told = {"title": chosen.title, "version": chosen.version}
    return _("%(title)s, version %(version)s") % told, chosen.act


def _amount(amount: Decimal | None) -> str:
    return money(amount, "COP")


@dataclass(frozen=True)
class Dates:
    """The schedule: each date in words, and all of them drawn."""

    steps: list[Step]
    chart: Chart | None


def schedule(known: Known, at: datetime) -> Dates | None:
    lines = known.agenda(at)
    steps = [
        Step(
            title=str(line.title),
            at=instant(line.due_at),
            at_iso=iso(line.due_at),
            is_past=line.is_past,
            is_next=line.is_next,
            legal_basis=line.legal_basis,
            reasons=tuple(reason.sentence for reason in line.reasons),
        )
        for line in lines
    ]
    return Dates(steps, chart(known.tender, lines, at=at, suspensions=known.suspensions)) if steps else None


def documents(known: Known, at: datetime) -> list[Paper]:
    return [
        paper(
            row.document,
            row.title,
            str(row.document.kind_title),
            row.added_at,
            _("Amendment %s") % row.amendment.number if row.amendment else "",
        )
        for row in known.documents
        if row.document.audience == "public"
    ]


MOST_QUESTIONS = 25  # of an envelope, on the page of a process; the rest is a link away


def questionnaire(known: Known, at: datetime) -> list[dict[str, Any]]:
    """The first questions of each envelope, with the first lines of their price lists, and how many more there are."""
    return [
        {
            "title": envelope.title,
            "items": [(item, known.first_lines.get(item.pk, [])) for item in envelope.items[:MOST_QUESTIONS]],
            "more": max(0, len(envelope.items) - MOST_QUESTIONS),
            "url": f"/procesos/{known.tender.code}/cuestionario/",
        }
        for envelope in by_envelope(known.tender, known.items)
    ]


def conditions(known: Known, at: datetime) -> list[dict[str, Any]]:
    """Each section of plain data that says something: its facts, and its rows as tables or in its own template."""
    found, tender = ((registry.get(code), content) for code, content in known.conditions.items()), known.tender
    shown = [(part, told(part, tender, content), computed(part, tender, content)) for part, content in found]
    written = [
        {
            "id": part.path.strip("/"),
            "title": str(part.title),
            "facts": [Fact(str(label), str(value)) for label, value in said.facts],
            "sheets": [] if own else said.sheets,
            "template": getattr(part, "block", ""),
            "told": own,
        }
        for part, said, own in shown
        if said.facts or said.sheets
    ]
    return written + _price_decides(known)


def _price_decides(known: Known) -> list[dict[str, Any]]:
    """Where no factor gives points: what decides, and what breaks a tie."""
    section, rule = criteria.PRICE_DECIDES, known.rulebook.evaluation
    if not section.applies(known.tender):
        return []
    fact = Fact(_("What decides"), str(criteria.SENTENCES[rule.rule]), rule.legal_basis)
    told = {"ladder": criteria.ladder(known.tender)}
    named = {"id": section.path.strip("/"), "title": str(section.title), "template": "conditions/criteria.html"}
    return [{**named, "facts": [fact], "sheets": [], "told": told}]


def enquiries(known: Known, at: datetime) -> list[Talk]:
    return [
        Talk(
            number=str(row.number),
            who=named(row.account.name),
            at=instant(row.asked_at),
            text=row.text,
            answer=row.answer,
            answered=instant(row.answered_at),
            about=row.about,
            together=", ".join(str(number) for number in row.answered_with),
        )
        for row in known.enquiries
    ]


def messages(known: Known, at: datetime) -> list[Any]:
    from pliego.publication.native.messages import said

    return said(known)


def hearings(known: Known, at: datetime) -> list[Any]:
    return known.hearings


def evaluators(known: Known, at: datetime) -> list[Any]:
    return known.evaluators


def amendments(known: Known, at: datetime) -> list[dict[str, Any]]:
    rulebook = known.rulebook
    return [
        {
            "number": row.number,
            "kind": str(row.get_kind_display()),
            "defect": row.defect,
            "at": instant(row.published_at),
            "reason": row.reason,
            "moved": [
                (
                    str(rulebook.milestone(code).title),
                    instant(datetime.fromisoformat(moved["before"])) if moved.get("before") else "",
                    instant(datetime.fromisoformat(moved["after"])) if moved.get("after") else "",
                )
                for code, moved in row.changes.get("milestones", {}).items()
            ],
            "rewritten": rewritten(known.tender, row),
            "documents": [document["title"] for document in row.changes.get("documents", [])],
            "binds": row.binds,
        }
        for row in known.amendments
    ]


def suspensions(known: Known, at: datetime) -> list[dict[str, str]]:
    """Each suspension that is over, the last one first, with how long it took."""
    return [
        {
            "since": instant(row.suspended_at),
            "until": instant(row.resumed_at),
            "days": ngettext("%(n)s business day", "%(n)s business days", row.days or 0) % {"n": row.days or 0},
            "reason": row.reason,
            "legal_basis": row.legal_basis,
            "resumption": row.amendment.reason if row.amendment else "",
        }
        for row in reversed(known.suspensions)
        if row.resumed_at
    ]


def offers(known: Known, at: datetime) -> list[Offer]:
    return [_offer(known, bid) for bid in known.bids]


def _offer(known: Known, bid: Bid) -> Offer:
    assessment = known.assessments.get(bid.pk)
    complies = assessment.complies if assessment else None
    if bid.state == "unopenable":
        state, colour = str(bid.state_title), "unopenable"
    elif complies is None:
        state, colour = str(bid.state_title), "opened"
    else:
        state, colour = (_("Complies"), "approved") if complies else (_("Does not comply"), "rejected")
    findings = assessment.findings.all() if assessment else []
    return Offer(
        code=bid.code,
        supplier=named(bid.supplier.name),
        nit=bid.supplier.nit if bid.supplier.organization.scheme == "CO-NIT" else "",
        received=instant(bid.received_at),
        total=money(bid.total_amount, known.tender.value_currency),
        state=state,
        colour=colour,
        rank=str(assessment.rank) if assessment and assessment.rank else "",
        papers=[
            paper(row.document, row.name, str(row.document.kind_title), bid.opened_at or bid.received_at)
            for row in known.bid_documents.get(bid.pk, [])
            if row.document and row.document.audience == "public"
        ],
        lots=", ".join(str(number) for number in bid.lots),
        findings=[f"{finding.item.title}: {finding.reason}" for finding in findings if not finding.complies],
    )


OPENED = {"opened", "awarded", "deserted", "finished"}


@dataclass(frozen=True)
class LotRow:
    """A lot, how it stands, who offers for it and to whom it went."""

    name: str
    value: str
    state: str
    colour: str
    bidders: list[str]
    is_known: bool  # whether anybody may know for which lots there are offers
    decided: str
    reason: str


def lots(known: Known, at: datetime) -> list[LotRow]:
    """Who offers for which lot is told once the offers are open; a lot without offers says so."""
    is_known = bool(known.bids) or known.tender.underlying_state in OPENED
    decided = {award.lot: award for award in known.awards}
    rows = []
    for lot in known.lots:
        award = decided.get(lot.number) or (decided.get(None) if lot.state == "void" else None)
        supplier = named(award.supplier.name) if award and award.supplier else ""
        rows.append(
            LotRow(
                name=_("Lot %(n)s: %(title)s") % {"n": lot.number, "title": lot.title},
                value=money(lot.value_amount, lot.value_currency),
                state=str(lot.state_title),
                colour=lot.state,
                bidders=[named(bid.supplier.name) for bid in known.bids if lot.number in bid.lots],
                is_known=is_known and lot.state != "cancelled",
                decided=f"{supplier} · {money(award.value_amount, award.value_currency)}" if award and supplier else "",
                reason=". ".join(filter(None, [award.cause_title, award.reason])) if award else "",
            )
        )
    return rows


def evaluation(known: Known, at: datetime) -> dict[str, Any]:
    if not known.reports:
        return {}
    return {
        "reports": [
            paper(
                row.document,
                _("Evaluation report %s") % row.number,
                "",
                row.published_at,
                _("Observations until %s")
                % instant(halts.prolonged(known.suspensions, row.observations_due_at, row.published_at)),
            )
            for row in known.reports
        ],
        "observations": [
            Talk(str(row.number), row.author_name, instant(row.made_at), row.text, row.answer, instant(row.answered_at))
            for row in known.observations
        ],
    }


def award(known: Known, at: datetime) -> list[dict[str, Any]]:
    """Each decision of the process: one of the whole, or one of each lot."""
    names = {lot.number: str(lot) for lot in known.lots}
    return [_award(found, names.get(found.lot or 0, "")) for found in known.awards]


def _award(found: Any, lot: str) -> dict[str, Any]:
    said = [
        Fact(_("Lot"), lot),
        Fact(_("Decision"), str(found.state_title), found.cause_title),
        Fact(
            _("Awarded to"), found.supplier.name if found.supplier else "", found.supplier.nit if found.supplier else ""
        ),
        Fact(_("Value"), money(found.value_amount, found.value_currency)),
        Fact(_("Decided on"), instant(found.decided_at)),
        Fact(_("Reason"), found.reason, found.legal_basis),
    ]
    papers = [paper(found.document, _("Award decision"), "", found.decided_at)] if found.document else []
    return {"facts": [fact for fact in said if fact.value], "papers": papers}


def contracts(known: Known, at: datetime) -> list[dict[str, Any]]:
    from pliego.publication.native.contract import contract_of

    return [contract_of(known, contract) for contract in known.contracts]


def acts(known: Known, at: datetime) -> list[Act]:
    return [act_of(entry) for entry in known.entries]


def act_of(entry: Entry) -> Act:
    shown = entry.is_disclosed
    return Act(
        folio=entry.folio,
        title=str(entry.title) if shown else _("Reserved act"),
        at=instant(entry.at) if shown else "",
        at_iso=iso(entry.at) if shown else "",
        who=" · ".join(filter(None, [entry.who_name, entry.who["account_name"]])) if shown else "",
        code=entry.code if shown else "",
        url=address(entry.url) if shown else "",
        leaf=entry.leaf_hex,
        is_public=shown,
    )


# fmt: off
SECTIONS = (
    #       address            title                            template             what it shows
    Section("resumen",       gettext_lazy("The process"),              "facts.html",        facts),
    Section("cronograma",    gettext_lazy("Schedule"),                 "schedule.html",     schedule),
    Section("documentos",    gettext_lazy("Documents"),                "papers.html",       documents),
    Section("cuestionario",  gettext_lazy("What offers must contain"), "questions.html",    questionnaire),
    Section("condiciones",   gettext_lazy("Conditions"),               "conditions.html",   conditions),
    Section("observaciones", gettext_lazy("Questions and answers"),    "enquiries.html",    enquiries),
    Section("mensajes",      gettext_lazy("Public messages"),          "messages.html",     messages),
    Section("audiencias",    gettext_lazy("Hearings and visits"),      "hearings.html",     hearings),
    Section("adendas",       gettext_lazy("Amendments"),               "amendments.html",   amendments),
    Section("suspensiones",  gettext_lazy("Suspensions"),              "suspensions.html",  suspensions),
    Section("lotes-del-proceso", gettext_lazy("Lots"),                 "lots.html",         lots),
    Section("ofertas",       gettext_lazy("Offers"),                   "offers.html",       offers),
    Section("evaluadores",   gettext_lazy("Who evaluates"),            "evaluators.html",   evaluators),
    Section("evaluacion",    gettext_lazy("Evaluation"),               "evaluation.html",   evaluation),
    Section("adjudicacion",  gettext_lazy("Award"),                    "award.html",        award),
    Section("contratos",     gettext_lazy("Contract and payments"),    "contracts.html",    contracts),
    Section("actos",         gettext_lazy("Acts of the file"),         "acts.html",         acts),
)
# fmt: on


def shown(known: Known, at: datetime) -> list[Shown]:
    """The sections that have something to show, in the order of the page."""
    made = [(section, section.make(known, at)) for section in SECTIONS]
    return [Shown(s.code, str(s.title), f"publication/native/{s.template}", data) for s, data in made if data]
