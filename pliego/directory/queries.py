"""Who looks for what a process buys, and what of an account a reader may see."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from pliego.breaches.queries import Standing, standing_of
from pliego.directory.models import Interest
from pliego.directory.policy import POLICY, Act
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Unknown
from pliego.parties.facts import Fact, facts_of
from pliego.parties.models import Account, AccountPaper
from pliego.publication.folding import UNSPSC_LEVELS
from pliego.suppliers.queries import Shown, profile_for
from pliego.tendering.models import Tender

CONTACT = {"address", "phone", "email", "representative_name"}
MASKED_DIGITS = 3


def levels_of(codes: list[str]) -> list[str]:
    """Every level that a code belongs to: who follows 43 hears of 43211503."""
    return sorted({code[:level] for code in codes for level in UNSPSC_LEVELS if len(code) >= level})


def interested_in(tender: Tender, *, after: int = 0, most: int) -> list[tuple[Account, str]]:
    """Active suppliers whose interests match the process, by account, each with the title of one interest."""
    wanted = levels_of([code for code in (tender.unspsc_main, *tender.unspsc_additional) if code])
    department = (tender.delivery_municipality or tender.buyer.municipality)[:2]
    matching = Interest.objects.filter(
        Q(departments=[]) | Q(departments__contains=[department]),
        is_active=True,
        unspsc__overlap=wanted,
        account__state="active",
        account__is_supplier=True,
        account_id__gt=after,
    )
    found = matching.values("account_id").annotate(titles=ArrayAgg("title", order_by="title"))
    titles = {row["account_id"]: row["titles"][0] for row in found.order_by("account_id")[:most]}
    accounts = Account.objects.select_related("organization").in_bulk(list(titles))
    return [(accounts[pk], title) for pk, title in titles.items()]


@dataclass(frozen=True)
class Profiled:
    """An account as one reader may see it."""

    account: Account
    facts: list[Fact]
    document: str
    sees_contact: bool
    says: Shown | None = None  # of a supplier, as far as this reader may see it
    papers: list[AccountPaper] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)  # what the register of sanctions says, to everybody

    @property
    def description(self) -> str:
        return self.says.profile.description if self.says and self.says.profile else ""


def profile_of(*, actor: Actor, code: str, at: datetime) -> Profiled:
    """The account of that code; what the reader may not see is not read. Unknown to whom the account is."""
    account = Account.objects.visible_to(actor).filter(code=code, state__in=["active", "suspended"])
    found = account.select_related("organization", "parent__organization").first()
    if found is None:
        raise Unknown()
    sees_contact = POLICY.verdict(actor, Act.SEE_CONTACT, found).allowed
    # The bank account belongs on no page of this room, whoever reads.
    says = replace(profile_for(actor=actor, account=found, at=at), bank=None) if found.is_supplier else None
    return Profiled(
        account=found,
        facts=[fact for fact in facts_of(found) if _is_shown(fact, sees_contact)],
        document=document_of(found, actor, sees_contact),
        sees_contact=sees_contact,
        says=says,
        papers=papers_for(found, actor),
        standing=standing_of(found, calendar.day_of(at)),
    )


def _is_shown(fact: Fact, sees_contact: bool) -> bool:
    if fact.field in {"nit", "legal_name", "unspsc_interests"}:  # said elsewhere on the page, masked where it must be
        return False
    return sees_contact if fact.field in CONTACT and not fact.is_public else fact.is_public


def document_of(account: Account, actor: Actor, sees_contact: bool) -> str:
    """The NIT of a legal person; of a natural person, to state entities, its last three digits; to themselves, all."""
    organization = account.organization
    if not organization.is_natural_person:
        return organization.nit
    if actor.account_id == account.pk:
        return organization.number
    hidden = len(organization.number) - MASKED_DIGITS
    return "•" * hidden + organization.number[hidden:] if sees_contact and hidden > 0 else ""


def papers_for(account: Account, actor: Actor) -> list[AccountPaper]:
    """The current documents that the owner, or the law, lets this reader read."""
    readable = Document.objects.visible_to(actor).filter(pk__in=account.papers.values("document"))
    rows = account.papers.filter(is_current=True, document__in=readable.values("pk"))
    return list(rows.select_related("document").order_by("kind"))
