"""What the platform can see by itself of a registration, for whoever checks it. None of it decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from pliego.codelists import queries as codelists
from pliego.codelists.words import likeness, telling_words
from pliego.kernel.calendar import calendar
from pliego.parties import queries, rules
from pliego.parties.models import Account

NEAR = 0.5


@dataclass(frozen=True)
class Finding:
    is_good: bool
    sentence: str


def findings(account: Account, at: datetime) -> list[Finding]:
    """Each automatic check with its result, the doubtful ones first."""
    found = [*_register(account), *_mailbox(account), *_papers(account, at), *_duplicates(account)]
    return sorted(found, key=lambda finding: finding.is_good)


def _register(account: Account) -> Iterator[Finding]:
    known = codelists.known_entity(account.nit)
    if known is None:
        yield Finding(False, _("The NIT is not in the official list of entities."))
        return
    told = {"name": known.name}
    if likeness(telling_words(known.name), telling_words(account.name)) >= NEAR:
        yield Finding(True, _("The NIT and the name agree with the official list: %(name)s.") % told)
    else:
        yield Finding(False, _("The official list gives that NIT another name: %(name)s.") % told)
    if known.order and account.order and known.order != account.order:
        yield Finding(False, _("The official list gives another order."))


def _mailbox(account: Account) -> Iterator[Finding]:
    if account.confirmed_email == account.notification_email:
        yield Finding(True, _("The address for notifications is confirmed."))
    else:
        yield Finding(False, _("The address for notifications has not been confirmed yet."))
    if account.kind == "state_entity" and not account.email.endswith(".gov.co"):
        yield Finding(False, _("The e-mail of the area does not end in .gov.co."))


def _papers(account: Account, at: datetime) -> Iterator[Finding]:
    faults = list(rules.papers_are_wrong(account.kind, _held(account), calendar.day_of(at)))
    for fault in faults:
        yield Finding(False, f"{fault.field}: {fault.sentence}")
    if not faults:
        yield Finding(True, _("Every document is here, and none is too old or expired."))


def _held(account: Account) -> dict[str, rules.Dates]:
    kept = {paper.kind: paper for paper in queries.papers_of(account)}
    return {
        paper.field: rules.Dates(kept[paper.kind].issued_on, kept[paper.kind].expires_on)
        for paper in rules.ALL_PAPERS
        if paper.kind in kept
    }


def _duplicates(account: Account) -> Iterator[Finding]:
    if others := queries.namesakes(account):
        yield Finding(
            False, _("There are other accounts of this organisation or name: %(count)d.") % {"count": len(others)}
        )
    else:
        yield Finding(True, _("There is no other account of this organisation or name."))
