"""The limitation of a process to small firms: what the pliego says, and the rule by which suppliers obtain it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.codelists.queries import department_name, department_names, place_of
from pliego.conditions.conditions import condition
from pliego.conditions.fields import Choices, Field, Parts
from pliego.kernel.calendar import calendar
from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection, Text
from pliego.methods import choosing
from pliego.methods.law import MipymeLimitation
from pliego.tendering.services.editing import written

LARGE = "large"
TERRITORIAL = ("limited", "territorial")
SCOPES: Choices = (("national", _("To Mipymes of the country")), ("territorial", _("To Mipymes of the place")))
LIMITED: Choices = (("no", _("No")), *SCOPES)
REACHES: Choices = (("municipality", _("Of that municipality")), ("department", _("Of its whole department")))

# fmt: off
PARTS: Parts = (
    Field(name="limited", label=_("Is the process limited to Mipymes?"), kind="choice",
          choices=LIMITED, is_needed=True, legal_basis="Decreto 1082 de 2015, art. 2.2.1.2.4.2.2"),
    Field(name="place", label=_("Municipality"), kind="place", is_needed=True, when=TERRITORIAL,
          help=_("Where the contract is performed.")),
    Field(name="reach", label=_("How far it goes"), kind="choice", choices=REACHES, is_needed=True, when=TERRITORIAL,
          legal_basis="Decreto 1082 de 2015, art. 2.2.1.2.4.2.3"),
    Field(name="basis", label=_("Why it is limited, or why not"), kind="prose", most=1000),
)
# fmt: on


def rule_of(tender: Any) -> MipymeLimitation | None:
    found: MipymeLimitation | None = tender.rulebook.mipyme_limitation
    return found


def limit_of(tender: Any, at: datetime) -> Decimal | None:
    """The value in pesos from which nothing is limited, as the table of that year has it; none for other years."""
    year = calendar.day_of(tender.published_at or at).year
    return next((row.mipyme_limit for row in choosing.table().years if row.year == year), None)


def due_of(tender: Any) -> datetime | None:
    """The instant before which the limitation is asked for."""
    rule = rule_of(tender)
    found: datetime | None = tender.due_at(rule.requested_until) if rule else None
    return found


def is_too_large(tender: Any, at: datetime) -> bool:
    limit = limit_of(tender, at)
    return limit is not None and tender.value_amount is not None and tender.value_amount >= limit


def now(tender: Any) -> Any:
    """What the limitation will be: as the act in preparation says, or as it is."""
    return MIPYME.typed(written(tender, MIPYME))


def must_be_limited(tender: Any, at: datetime) -> bool:
    """Whether enough suppliers asked in time for a process that may be limited."""
    rule = rule_of(tender)
    if rule is None or is_too_large(tender, at):
        return False
    return bool(tender.limitation_requests.count() >= rule.requests_at_least)


@dataclass(frozen=True)
class Outcome:
    """What the requests come to: how many asked, from where, how many are enough, and what follows."""

    asked: int
    least: int
    departments: list[tuple[str, int]]
    due_at: datetime
    is_over: bool
    is_enough: bool
    sentence: Text
    legal_basis: str


def outcome(tender: Any, at: datetime) -> Outcome | None:
    """The rule of the method over the requests received (Ley 2069 de 2020, art. 34); None where it has no rule."""
    rule, due = rule_of(tender), due_of(tender)
    if rule is None or due is None:
        return None
    codes = list(tender.limitation_requests.values_list("supplier__department", flat=True))
    names = department_names(codes)
    named = Counter(names.get(code) or str(_("Their profile does not say it")) for code in codes)
    is_enough = must_be_limited(tender, at)
    if is_too_large(tender, at):
        sentence = _("The estimated value is above what may be limited to Mipymes.")
    elif is_enough:
        sentence = _("Enough asked: the entity must limit the process to Mipymes.")
    elif at < due:
        sentence = _("Not enough have asked so far.")
    else:
        sentence = _("Not enough asked in time: the process is not limited.")
    return Outcome(
        asked=len(codes),
        least=rule.requests_at_least,
        departments=sorted(named.items(), key=lambda row: (-row[1], row[0])),
        due_at=due,
        is_over=at >= due,
        is_enough=is_enough,
        sentence=sentence,
        legal_basis=f"Ley 2069 de 2020, art. 34; {rule.legal_basis}",
    )


def is_told_to(actor: Any, tender: Any, at: datetime) -> bool:
    """The entity follows the requests as they come; everybody sees what they came to once the term is over."""
    found = outcome(tender, at)
    is_own = actor.account_id == tender.buyer_id and bool(actor.roles)
    return found is not None and tender.is_public and (is_own or found.is_over)


def is_not_declared(tender: Any, at: datetime) -> Iterator[Objection]:
    """The limitation that suppliers obtained and no act declares."""
    rule = rule_of(tender)
    if rule and must_be_limited(tender, at) and now(tender).limited in {"", "no"}:
        told = {"n": tender.limitation_requests.count(), "least": rule.requests_at_least}
        sentence = _(
            "%(n)s suppliers asked in time to limit the process to Mipymes, and %(least)s are enough:"
            " declare the limitation in the act that opens the next stage, or in an addendum."
        )
        yield Objection("limitation_not_declared", sentence % told, "limited", rule.legal_basis)


def stops_the_stage(tender: Any, at: datetime) -> Iterator[Objection]:
    rule = rule_of(tender)
    if rule and not rule.advice:
        yield from is_not_declared(tender, at)


def warns(tender: Any, at: datetime) -> Iterator[Text]:
    """For the entity, from the end of the term of the requests until the offers are in."""
    due = due_of(tender)
    if tender.state == "published" and due is not None and at >= due:
        yield from (str(objection) for objection in is_not_declared(tender, at))


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    if content.limited not in {"", "no"} and is_too_large(tender, at):
        sentence = _("The estimated value is above what may be limited to Mipymes.")
        rule = rule_of(tender)
        yield Objection("too_large_to_limit", sentence, "limited", rule.legal_basis if rule else "")


def notes(tender: Any, content: Any, at: datetime) -> Iterator[Text]:
    rule, due = rule_of(tender), due_of(tender)
    if rule and due:
        sentence = _("Suppliers ask for it until %(due)s; with %(least)s requests it must be declared. So far: %(n)s.")
        told = {"due": instant(due), "least": rule.requests_at_least, "n": tender.limitation_requests.count()}
        yield sentence % told


def requests_are_over(tender: Any, at: datetime) -> Iterator[Objection]:
    """A term is half-open: a request is on time while it is before the instant of its milestone."""
    rule, due = rule_of(tender), due_of(tender)
    if rule is None or due is None:
        yield Objection("no_limitation", _("This process does not take requests to be limited to Mipymes."))
    elif at >= due:
        yield Objection("too_late", _("Requests were received until %(due)s.") % {"due": instant(due)})
    elif is_too_large(tender, at):
        sentence = _("The estimated value is above what may be limited to Mipymes.")
        yield Objection("too_large_to_limit", sentence, "", rule.legal_basis)


def is_no_mipyme(size: str, declares: bool) -> Iterator[Objection]:
    """Its profile says that it is large; or nothing says what it is, not even its own word."""
    if size == LARGE:
        yield Objection("not_a_mipyme", _("Your profile says that yours is a large company: only Mipymes may ask."))
    elif not declares:
        yield Objection("missing", _("Declare that your company is a Mipyme."), "declares")


def offered_by(tender: Any, account: Any) -> list[Text]:
    """What somebody who offers in a limited process must know."""
    if rule_of(tender) is None:
        return []
    content = MIPYME.content(tender)
    if content.limited in {"", "no"}:
        return []
    found: list[Text] = [_("Only Mipymes of the country may offer in this process.")]
    place = place_of(content.place)
    if content.limited == "territorial" and place:
        whole = content.reach == "department"
        where = department_name(place.department_code) if whole else str(place)
        found = [_("Only Mipymes with domicile in %(place)s may offer in this process.") % {"place": where}]
        home = account and (account.department if whole else account.municipality)
        if home and home != (place.department_code if whole else place.code):
            found.append(_("Your profile says that your company is elsewhere: the entity will reject its offer."))
    if account and account.size == LARGE:
        found.append(_("Your profile says that yours is a large company: the entity will reject its offer."))
    elif account and not account.size:
        found.append(_("Your profile does not say the size of your company: the entity will ask you to prove it."))
    return found


MIPYME = condition(
    code="mipyme",
    title=_("Limitation to Mipymes"),
    path="mipyme/",
    parts=PARTS,
    lacks=lacks,
    notes=notes,
    before_stage=stops_the_stage,
    warns=warns,
    copies=lambda tender, source: False,  # each process has its own requests
    applies=lambda tender: tender.rulebook.mipyme_limitation is not None,
)
