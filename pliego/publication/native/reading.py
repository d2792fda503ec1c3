"""Everything public of a native process, read once: the search row, the release and the page all use it.

What is not public yet is not here: no offer before its opening, no assessment before its report, no contract before its
signature. A room that does not exist in an installation is simply empty.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects

from pliego.auctions.models import Auction
from pliego.awards.models import Award
from pliego.bidding.models import Bid, BidDocument, OpeningMinutes
from pliego.breaches.models import Sanction
from pliego.breaches.queries import of_contracts as sanctions_of
from pliego.codelists.queries import Place, place_of
from pliego.conditions.models import LimitationRequest, Lot
from pliego.consortia.models import Member
from pliego.contracts.models import Contract, Modification
from pliego.contracts.states import PUBLIC
from pliego.correspondence.models import Attachment, Message
from pliego.enquiries.models import Enquiry
from pliego.evaluation.models import Assessment, Report, ReportObservation
from pliego.execution.models import Closing, Delivery, Installment, Invoice
from pliego.hearings.models import Hearing
from pliego.kernel.actors import ANYONE
from pliego.kernel.planned import Planned
from pliego.ledger.models import Entry
from pliego.methods.law import Method
from pliego.methods.standards import Standard
from pliego.panels.models import Member as Evaluator
from pliego.parties.models import Account, Organization
from pliego.planning.models import PlanLine
from pliego.settlements.queries import Settled, closings, settled
from pliego.tendering import sections, standard
from pliego.tendering.models import (
    Amendment,
    Invitation,
    KeptSection,
    Milestone,
    PlannedLine,
    PriceLine,
    QuestionnaireItem,
    Suspension,
    Tender,
    TenderDocument,
)
from pliego.tendering.queries import AgendaLine, agenda

REPORTED = ("reported", "finished")
# Before these states nothing of the kind exists or is public: the question is not even asked.
SEALED, UNDECIDED = ("published", "closed"), ("published", "closed", "opened")


TENDER = Planned(
    "?",
    lambda ocid: Tender.objects.public().filter(ocid=ocid).select_related("buyer__organization", "unit"),
)
PLAN_LINES = Planned(-1, lambda tender: PlannedLine.objects.filter(tender=tender).select_related("line__plan"))
MILESTONES = Planned(-1, lambda tender: Milestone.objects.filter(tender=tender))
DOCUMENTS = Planned(
    -1, lambda tender: TenderDocument.objects.filter(tender=tender).select_related("document", "amendment")
)
ITEMS = Planned(-1, lambda tender: QuestionnaireItem.objects.filter(tender=tender))
MOST_LINES = 10  # of a price list, on the page of the process
FIRST_LINES = Planned(-1, lambda tender: PriceLine.objects.filter(tender=tender, number__lte=MOST_LINES))
PRICE_LINES = Planned(-1, lambda tender: PriceLine.objects.filter(tender=tender).select_related("item"))
KEPT = Planned(-1, lambda tender: KeptSection.objects.filter(tender=tender))
LIMITATION_REQUESTS = Planned(-1, lambda tender: LimitationRequest.objects.filter(tender=tender))
ENQUIRIES = Planned(
    -1, lambda tender: Enquiry.objects.filter(tender=tender).select_related("account__organization", "document")
)
MESSAGES = Planned(
    -1,
    lambda tender: Message.objects.filter(tender=tender, group="public").select_related("receipt").order_by("number"),
)
MINUTES = Planned(
    -1,
    lambda tender: (
        OpeningMinutes.objects.filter(opening__tender=tender).select_related("document").order_by("signed_at", "pk")
    ),
)
HEARINGS = Planned(-1, lambda tender: Hearing.objects.filter(tender=tender).select_related("record"))
EVALUATORS = Planned(
    -1, lambda tender: Evaluator.objects.filter(tender=tender).select_related("appointed_by", "relieved_by")
)
INVITATIONS = Planned(
    -1,
    lambda tender: (
        Invitation.objects.filter(tender=tender)
        .select_related("supplier__organization", "invited_by")
        .order_by("invited_at", "pk")
    ),
)
AMENDMENTS = Planned(-1, lambda tender: Amendment.objects.filter(tender=tender, state="published"))
SUSPENSIONS = Planned(-1, lambda tender: Suspension.objects.filter(tender=tender).select_related("amendment"))
BIDS = Planned(
    -1,
    lambda tender: Bid.objects.visible_to(ANYONE).filter(tender=tender).select_related("supplier__organization"),
)
BID_DOCUMENTS = Planned(
    -1,
    lambda tender: BidDocument.objects.filter(
        envelope__bid__in=Bid.objects.visible_to(ANYONE).filter(tender=tender)
    ).select_related("document", "envelope"),
)
REPORTS = Planned(-1, lambda tender: Report.objects.filter(evaluation__tender=tender).select_related("document"))
OBSERVATIONS = Planned(
    -1, lambda tender: ReportObservation.objects.filter(evaluation__tender=tender).select_related("report")
)
AUCTIONS = Planned(
    -1, lambda tender: Auction.objects.of(tender).select_related("record").prefetch_related("participants")
)
AWARDS = Planned(
    -1,
    lambda tender: (
        Award.objects.visible_to(ANYONE)
        .filter(tender=tender)
        .select_related("supplier__organization", "document", "bid")
        .order_by("lot", "pk")
    ),
)
LOTS = Planned(-1, lambda tender: Lot.objects.filter(tender=tender))
ENTRIES = Planned("?", Entry.objects.of_file)


@dataclass(frozen=True)
class Known:
    """A published tender with what the public may know of it. Each list is one query, made when it is first needed."""

    tender: Tender

    @cached_property
    def rulebook(self) -> Method:
        return self.tender.rulebook

    @cached_property
    def plan_lines(self) -> list[PlanLine]:
        """The lines of the annual plan that it comes from, in their order."""
        return [row.line for row in PLAN_LINES(self.tender.pk)]

    @property
    def plan_words(self) -> str:
        """What its lines say in public; or why it is in none."""
        return "; ".join(line.public_description for line in self.plan_lines) or self.tender.plan_justification

    @cached_property
    def schedule(self) -> dict[str, Any]:
        return {milestone.code: milestone.due_at for milestone in MILESTONES(self.tender.pk)}

    def agenda(self, at: datetime) -> list[AgendaLine]:
        """Every date of the process in order, each with its reasons."""
        if at not in self._agendas:
            self._agendas[at] = agenda(self.tender, at=at, dates=self.schedule, moments=self.moments)
        return self._agendas[at]

    @cached_property
    def _agendas(self) -> dict[datetime, list[AgendaLine]]:
        return {}

    @cached_property
    def place(self) -> Place | None:
        return place_of(self.tender.delivery_municipality or self.tender.buyer.municipality)

    @cached_property
    def documents(self) -> list[Any]:
        return DOCUMENTS(self.tender.pk)

    @cached_property
    def items(self) -> list[Any]:
        return ITEMS(self.tender.pk)

    @cached_property
    def first_lines(self) -> dict[int, list[Any]]:
        """The first lines of each price list, by the question."""
        found: dict[int, list[Any]] = {}
        for line in FIRST_LINES(self.tender.pk):
            found.setdefault(line.item_id, []).append(line)
        return found

    @cached_property
    def price_lines(self) -> list[Any]:
        return PRICE_LINES(self.tender.pk)

    @cached_property
    def conditions(self) -> dict[str, Any]:
        """What each section without tables of its own says, by its code; only those that say something."""
        kept = {row.code: row.content for row in KEPT(self.tender.pk)}
        found = [part for part in sections.of(self.tender) if part.is_kept and kept.get(part.code)] if kept else []
        return {part.code: part.typed(kept[part.code]) for part in found}

    @property
    def standard(self) -> Standard | None:
        """The standard document (documento tipo) that it was born under."""
        said = self.conditions.get(standard.SECTION)
        return standard.chosen_in(sections.plain(said)) if said is not None else None

    @cached_property
    def limitation_requests(self) -> int:
        """How many suppliers asked to limit the process to Mipymes."""
        return len(LIMITATION_REQUESTS(self.tender.pk)) if self.rulebook.mipyme_limitation else 0

    @property
    def moments(self) -> list[sections.Moment]:
        """The dates that the conditions add to the schedule."""
        return sections.moments(self.tender, self.conditions)

    @cached_property
    def enquiries(self) -> list[Any]:
        return ENQUIRIES(self.tender.pk)

    @cached_property
    def messages(self) -> list[tuple[Any, list[Any]]]:
        """The public messages, each with its documents."""
        found = MESSAGES(self.tender.pk)
        files: dict[int, list[Any]] = {}
        for row in Attachment.objects.filter(message__in=found).select_related("document") if found else ():
            files.setdefault(row.message_id, []).append(row.document)
        return [(message, files.get(message.pk, [])) for message in found]

    @cached_property
    def hearings(self) -> list[Hearing]:
        found = HEARINGS(self.tender.pk)
        if found:  # the hour of each is read from the schedule
            prefetch_related_objects([self.tender], "milestones", "kept_sections")
        for hearing in found:
            hearing.tender = self.tender
        return found

    @cached_property
    def auctions(self) -> list[Auction]:
        """Those that decide it, or each of its lots; before the initial prices are open there is none."""
        is_asked = "auction" in self.rulebook.kinds and self.tender.underlying_state not in SEALED
        return AUCTIONS(self.tender.pk) if is_asked else []

    @cached_property
    def improvements(self) -> dict[int, Decimal]:
        """By offer, what its last prices differ from its initial ones, once there are minutes."""
        found: dict[int, Decimal] = {}
        for auction in self.auctions:
            for row in auction.participants.all() if auction.state == "recorded" else ():
                found[row.bid_id] = found.get(row.bid_id, Decimal()) + row.price - row.initial
        return found

    @cached_property
    def evaluators(self) -> list[Evaluator]:
        return EVALUATORS(self.tender.pk) if self.rulebook.panel else []

    @cached_property
    def invitations(self) -> list[Invitation]:
        """Who was invited, where nobody else takes part; who else was told of a process stays with the entity."""
        return INVITATIONS(self.tender.pk) if self.rulebook.flags.invitations else []

    @cached_property
    def amendments(self) -> list[Any]:
        return AMENDMENTS(self.tender.pk)

    @cached_property
    def suspensions(self) -> list[Suspension]:
        return SUSPENSIONS(self.tender.pk)

    @property
    def suspension(self) -> Suspension | None:
        """The one in force, if the process is suspended."""
        return self.suspensions[-1] if self.tender.state == "suspended" else None

    @cached_property
    def bids(self) -> list[Bid]:
        """Those that were opened, or were found not to open."""
        if self.tender.underlying_state in SEALED:
            return []
        return BIDS(self.tender.pk)

    @cached_property
    def bid_documents(self) -> dict[int, list[Any]]:
        """The files of each opened offer, by its id."""
        found: dict[int, list[Any]] = {}
        for row in BID_DOCUMENTS(self.tender.pk) if self.bids else ():
            found.setdefault(row.envelope.bid_id, []).append(row)
        return found

    @cached_property
    def reports(self) -> list[Report]:
        if self.tender.underlying_state in SEALED:
            return []
        return REPORTS(self.tender.pk)

    @cached_property
    def minutes(self) -> list[OpeningMinutes]:
        """The signed minutes of its openings."""
        return [] if self.tender.underlying_state in SEALED else MINUTES(self.tender.pk)

    @cached_property
    def observations(self) -> list[Any]:
        return OBSERVATIONS(self.tender.pk)

    @cached_property
    def assessments(self) -> dict[int, Assessment]:
        """What was found in each offer, by its id; nothing before the report is public, nor while it is done again."""
        reported = Assessment.objects.filter(evaluation__tender=self.tender, evaluation__state__in=REPORTED)
        found = reported.prefetch_related("findings__item") if self.reports else ()
        return {assessment.bid_id: assessment for assessment in found}

    @cached_property
    def lots(self) -> list[Lot]:
        """How each lot stands, also those that an amendment took out."""
        return LOTS(self.tender.pk) if "lots" in self.conditions else []

    @cached_property
    def awards(self) -> list[Award]:
        """The decisions: one of the whole, or one of each lot; a lot may be void before the others are decided."""
        if self.tender.underlying_state in SEALED:
            return []
        return AWARDS(self.tender.pk) if self.lots or self.tender.underlying_state not in UNDECIDED else []

    @property
    def award(self) -> Award | None:
        """The first decision of a process that was decided."""
        return self.awards[0] if self.awards and self.tender.underlying_state not in UNDECIDED else None

    @cached_property
    def contracts(self) -> list[Contract]:
        """The signed ones. Only a direct process may have some while it is not decided: those loaded from a file."""
        loads_contracts = bool(self.rulebook.causals) and not self.tender.has_bidding
        if self.tender.underlying_state in UNDECIDED and not loads_contracts:
            return []
        found = Contract.objects.filter(tender=self.tender, state__in=PUBLIC).order_by("id")
        about = ("supplier__organization", "buyer__organization", "award", "document", "signed_document")
        changed = Modification.objects.select_related("document", "party__organization", "given_by__organization")
        parts = ("lines", "guarantees", Prefetch("modifications", changed), "start_records__document")
        return list(found.select_related(*about).prefetch_related(*parts))

    @cached_property
    def suppliers(self) -> list[Account]:
        """Who offered, was awarded or signed, once each."""
        awarded = [award.supplier for award in self.awards if award.supplier]
        found = [*(bid.supplier for bid in self.bids), *awarded, *(contract.supplier for contract in self.contracts)]
        return list({supplier.pk: supplier for supplier in found}.values())

    @cached_property
    def nits(self) -> list[str]:
        """Of the suppliers, and of the members of plural bidders; the number of a natural person is never public."""
        if not self.suppliers:
            return []
        member = Member.objects.filter(group__account__in=self.suppliers, state="accepted").values("supplier")
        taking_part = Q(accounts__in=self.suppliers) | Q(accounts__in=member)
        legal = Organization.objects.filter(taking_part, scheme="CO-NIT", is_natural_person=False)
        return list(legal.values_list("number", flat=True).distinct())

    @cached_property
    def entries(self) -> list[Entry]:
        """The acts of the file, in their order."""
        return ENTRIES(self.tender.ocid)

    @cached_property
    def invoices(self) -> dict[int, list[Invoice]]:
        """Approved and paid invoices of each contract, by its id."""
        found: dict[int, list[Invoice]] = {}
        rows = Invoice.objects.visible_to(ANYONE).filter(contract__in=self.contracts)
        for row in rows.select_related("installment", "given_by__organization"):
            found.setdefault(row.contract_id, []).append(row)
        return found

    @cached_property
    def installments(self) -> dict[int, list[Installment]]:
        """The plan of payments of each contract, by its id."""
        found: dict[int, list[Installment]] = {}
        for row in Installment.objects.filter(contract__in=self.contracts):
            found.setdefault(row.contract_id, []).append(row)
        return found

    @cached_property
    def deliveries(self) -> dict[int, list[Delivery]]:
        """What each contract delivers, planned or received, by its id."""
        found: dict[int, list[Delivery]] = {}
        for row in Delivery.objects.filter(contract__in=self.contracts):
            found.setdefault(row.contract_id, []).append(row)
        return found

    @cached_property
    def settlements(self) -> dict[int, Settled]:
        return settled(self.contracts) if self.contracts else {}

    @cached_property
    def closings(self) -> dict[int, Closing]:
        return {row.contract_id: row for row in closings(self.contracts)} if self.contracts else {}

    @cached_property
    def sanctions(self) -> dict[int, list[Sanction]]:
        """In force and standing, of each contract, by its id."""
        return sanctions_of(self.contracts) if self.contracts else {}


def known(ocid: str) -> Known | None:
    """The published process of a ledger file; None when the file is of something else, or not public."""
    found = TENDER(ocid)
    return Known(found[0]) if found else None
