"""The page of a native process, section by section, as finished strings: templates only place them.

SECTIONS is the table of the page. A section with nothing to show yet is not on it.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pliego.auctions.queries import title_of
from pliego.codelists.queries import unspsc_names
from pliego.conditions import criteria
from pliego.conditions.conditions import computed, told
from pliego.ledger.models import Entry
from pliego.publication.native.outcome import award, contracts, evaluation, lots, offers
from pliego.publication.native.reading import Known
from pliego.publication.native.shapes import Act, Dates, Fact, Paper, Section, Shown, Step, Talk, _amount, paper
from pliego.publication.pages import money, named
from pliego.tendering import sections as registry
from pliego.tendering.codes import ground_of
from pliego.tendering.queries import by_envelope, chart, rewritten
from pliego.web.templatetags.pliego import address, instant, iso


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
        Fact(_("Annual plan"), known.plan_words),
        Fact(_("Budget certificate"), tender.budget_certificate, _amount(tender.budget_certificate_amount)),
        Fact(_("Origin of the money"), str(tender.get_funding_source_display()) if tender.funding_source else ""),
        Fact(_("Requests to limit it to Mipymes"), str(known.limitation_requests or "")),
        Fact(_("Reinforced opening"), "\n".join(tender.reinforced_words), tender.reinforced_reason),
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
    ] + [paper(row.document, row.document.name, str(row.document.kind_title), row.signed_at) for row in known.minutes]


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


def auctions(known: Known, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": title_of(auction),
            "url": address(reverse("auctions:auction", args=[known.tender.code, auction.lot or 0])),
            "starts": instant(auction.starts_at),
            "starts_iso": iso(auction.starts_at),
            "state": str(auction.state_title),
            "best": money(auction.best_amount, auction.currency) if auction.state == "recorded" else "",
            "record": auction.record.get_absolute_url() if auction.record else "",
        }
        for auction in known.auctions
    ]


def evaluators(known: Known, at: datetime) -> list[Any]:
    return known.evaluators


def invited(known: Known, at: datetime) -> list[dict[str, Any]]:
    """Who may offer because the entity invited them: those of the publication, and those invited later by an act."""
    published = known.tender.published_at
    return [
        {
            "name": named(row.supplier.name),
            "at": instant(max(row.invited_at, published) if published else row.invited_at),
            "by": row.invited_by.full_name,
            "is_later": published is not None and row.invited_at > published,
        }
        for row in known.invitations
    ]


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
    Section("cuestionario",  gettext_lazy("What offers must contain"), "questions.html",    questionnaire, "contents"),
    Section("condiciones",   gettext_lazy("Conditions"),               "conditions.html",   conditions),
    Section("observaciones", gettext_lazy("Questions and answers"),    "enquiries.html",    enquiries),
    Section("mensajes",      gettext_lazy("Public messages"),          "messages.html",     messages),
    Section("audiencias",    gettext_lazy("Hearings and visits"),      "hearings.html",     hearings),
    Section("invitados",     gettext_lazy("Who is invited"),           "invited.html",      invited),
    Section("adendas",       gettext_lazy("Amendments"),               "amendments.html",   amendments),
    Section("suspensiones",  gettext_lazy("Suspensions"),              "suspensions.html",  suspensions),
    Section("lotes-del-proceso", gettext_lazy("Lots"),                 "lots.html",         lots),
    Section("ofertas",       gettext_lazy("Offers"),                   "offers.html",       offers, "offers"),
    Section("evaluadores",   gettext_lazy("Who evaluates"),            "evaluators.html",   evaluators),
    Section("evaluacion",    gettext_lazy("Evaluation"),               "evaluation.html",   evaluation),
    Section("subasta",       gettext_lazy("Auction"),                  "auctions.html",     auctions),
    Section("adjudicacion",  gettext_lazy("Award"),                    "award.html",        award),
    Section("contratos",     gettext_lazy("Contract and payments"),    "contracts.html",    contracts),
    Section("actos",         gettext_lazy("Acts of the file"),         "acts.html",         acts),
)
# fmt: on


def shown(known: Known, at: datetime) -> list[Shown]:
    """The sections that have something to show, in the order of the page."""
    made = [(section, section.make(known, at)) for section in SECTIONS]
    words = known.rulebook.words
    titled = ((s, str((s.word and getattr(words, s.word)) or s.title), data) for s, data in made if data)
    return [Shown(s.code, title, f"publication/native/{s.template}", data) for s, title, data in titled]
