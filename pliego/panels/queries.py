"""Who evaluates a process, who of them has declared, and whose turn it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import User
from pliego.bidding.models import Bid
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.kernel.policy import YES, Verdict
from pliego.kernel.todo import Task
from pliego.panels import rules
from pliego.panels.models import Impediment, Member
from pliego.parties.models import Account, Membership
from pliego.parties.roles import ROLES
from pliego.tendering.models import Tender

MOST_TASKS = 50


def members(tender: Tender) -> QuerySet[Member]:
    """All that were ever appointed, with what they declared and what was said against them."""
    rows = Member.objects.filter(tender=tender).select_related("user", "appointed_by", "relieved_by")
    return rows.prefetch_related("declarations", "impediments")


def serving(tender: Tender) -> list[Member]:
    return list(members(tender).filter(state="serving"))


def seat_of(actor: Actor, tender: Tender) -> Member | None:
    """The member that the actor is, while they serve: a seat is not delegated."""
    if actor.user_id is None:
        return None
    return members(tender).filter(state="serving", user_id=actor.user_id).first()


def impediments(actor: Actor, tender: Tender) -> QuerySet[Impediment]:
    """Those that the actor may read (policy: ImpedimentAct.VIEW): all for the entity, otherwise their own."""
    rows = Impediment.objects.filter(tender=tender).select_related("member", "supplier__organization", "tender")
    if actor.is_system or (actor.account_id == tender.buyer_id and actor.roles):
        return rows
    own = Q(member__user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    if actor.account_id is not None:
        own |= Q(kind="recusal", supplier_id=actor.account_id)
    return rows.filter(own)


def officials(tender: Tender, codes: Iterable[str] = ()) -> dict[str, User]:
    """People of the entity that may be appointed, by the code of their user; of those codes, or all."""
    places = Membership.objects.holding(*ROLES).filter(account_id=tender.buyer_id, user__is_active=True)
    wanted = [code for code in codes if code]
    if wanted:
        places = places.filter(user__code__in=wanted)
    return {p.user.code: p.user for p in places.select_related("user").order_by("user__full_name", "pk")}


def bidders(tender: Tender) -> QuerySet[Account]:
    """Who presented an offer that was opened: nobody before the list is public."""
    if tender.underlying_state not in rules.OPENED:
        return Account.objects.none()
    listed = Bid.objects.filter(tender=tender, state__in=("opened", "unopenable")).values("supplier")
    return Account.objects.filter(pk__in=listed).select_related("organization").order_by("organization__legal_name")


def account(account_id: int | None) -> Account:
    return Account.objects.select_related("organization").get(pk=account_id or 0)


# ---- what evaluation asks ------------------------------------------------------------------------------------------


def may_evaluate(actor: Actor, tender: Tender) -> Verdict:
    """Where somebody was appointed, only those who serve, have declared, and have no impediment waiting."""
    seats = serving(tender)
    if not seats:
        return YES
    seat = next((one for one in seats if one.user_id is not None and one.user_id == actor.user_id), None)
    if seat is None:
        return Verdict(False, _("The entity appointed who evaluates this process: only they do."))
    if seat.is_waiting():
        sentence = _("You do not evaluate until the authorising officer decides on the impediment or recusal.")
        return Verdict(False, sentence)
    if not seat.has_declared(rules.round_of(tender)):
        return Verdict(False, _("Declare first whether you have a conflict of interest in this process."))
    return YES


def must_declare(actor: Actor, tender: Tender) -> bool:
    """Whether the actor was appointed and may not look at the offers yet: they declare before, or are stopped."""
    seat = seat_of(actor, tender)
    return seat is not None and (seat.is_waiting() or not seat.has_declared(rules.round_of(tender)))


def undeclared(tender: Tender, seats: Iterable[Member] | None = None) -> list[Member]:
    about = rules.round_of(tender)
    return [member for member in (serving(tender) if seats is None else seats) if not member.has_declared(about)]


# ---- turns ---------------------------------------------------------------------------------------------------------


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """To declare, to answer a recusal, to decide, and to appoint."""
    if actor.account_id is None or not actor.is_buyer:
        return []
    mine = Member.objects.filter(state="serving", user_id=actor.user_id or 0, tender__buyer_id=actor.account_id)
    mine = mine.filter(tender__state__in=rules.UNDECIDED).select_related("tender")
    seats = mine.prefetch_related("declarations", "impediments", "tender__milestones").order_by("pk")[:MOST_TASKS]
    return [
        *(task for seat in seats for task in _of_seat(seat)),
        *(_decisions(actor) if "approver" in actor.roles else []),
        *(_appointments(actor) if "approver" in actor.roles else []),
        *(_missing(actor) if "approver" in actor.roles else []),
    ]


def _of_seat(seat: Member) -> list[Task]:
    tender, reason = seat.tender, _("You were appointed to evaluate it")
    recusals = [row for row in seat.impediments.all() if row.state == "waiting" and row.kind == "recusal"]
    found = [
        Task(
            _("Answer the recusal"),
            reverse("panels:answer", args=[tender.code, row.number]),
            str(tender),
            reason,
            row.answer_due_at,
        )
        for row in recusals
        if row.answered_at is None
    ]
    if not seat.is_waiting() and not seat.has_declared(rules.round_of(tender)):
        url = reverse("panels:declare", args=[tender.code])
        found.append(Task(_("Declare your conflicts of interest"), url, str(tender), reason, tender.due_at("opening")))
    return found


def _decisions(actor: Actor) -> list[Task]:
    waiting = Impediment.objects.filter(tender__buyer_id=actor.account_id, state="waiting")
    waiting = waiting.exclude(member__user_id__in=actor.people).select_related("tender", "member")
    reason = _("You appointed the evaluators, or may")
    return [
        Task(
            _("Decide on the impediment or recusal"),
            reverse("panels:decide", args=[row.tender.code, row.number]),
            f"{row.tender} · {row.member.name}",
            reason,
            row.decision_due_at,
        )
        for row in waiting.order_by("decision_due_at", "pk")[:MOST_TASKS]
    ]


def _appointments(actor: Actor) -> list[Task]:
    """Processes that receive offers or wait for their opening and have nobody appointed."""
    alone = Tender.objects.of_buyer(actor.account_id).filter(state__in=("published", "closed"))
    alone = alone.exclude(panel_members__state="serving").prefetch_related("milestones").order_by("pk")
    reason = _("Nobody is appointed to evaluate it: whoever has the role evaluates")
    return [
        Task(_("Appoint the evaluators"), panel_url(tender), str(tender), reason, tender.due_at("opening"))
        for tender in alone[:MOST_TASKS]
        if is_asked(tender)
    ]


def _missing(actor: Actor) -> list[Task]:
    """Processes whose report waits for declarations, with how many are there."""
    seats = Member.objects.filter(tender__buyer_id=actor.account_id, tender__state="opened", state="serving")
    by_tender: dict[int, list[Member]] = {}
    for seat in seats.select_related("tender").prefetch_related("declarations").order_by("tender_id", "number"):
        by_tender.setdefault(seat.tender_id, []).append(seat)
    told = ((found[0].tender, progress(found[0].tender, found)) for found in by_tender.values())
    reason = _("%(done)s of %(all)s have declared: the report waits for the others")
    return [
        Task(
            _("Get the declarations of interests"),
            panel_url(tender),
            str(tender),
            reason % {"done": how["declared"], "all": how["serving"]},
        )
        for tender, how in list(told)[:MOST_TASKS]
        if how["missing"]
    ]


def is_asked(tender: Tender) -> bool:
    """Whether its method foresees a committee or jury: where one person may evaluate alone, nobody is reminded."""
    panel = tender.rulebook.panel
    return panel is not None and panel.kind != "evaluator" and tender.has_bidding


def panel_url(tender: Tender) -> str:
    return reverse("panels:panel", args=[tender.code])


def progress(tender: Tender, seats: list[Member]) -> dict[str, Any]:
    """How many have declared, and who is missing."""
    missing = undeclared(tender, seats)
    return {"declared": len(seats) - len(missing), "serving": len(seats), "missing": [m.name for m in missing]}


def how_far(tender: Tender) -> Text:
    """For the hub of the process: nobody yet where the method foresees somebody, or how many have declared."""
    if not (seats := serving(tender)):
        return _("nobody appointed") if is_asked(tender) else ""
    told = progress(tender, seats)
    return _("%(done)s of %(all)s have declared") % {"done": told["declared"], "all": told["serving"]}
