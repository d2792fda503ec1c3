"""What this room does when others announce."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.accounts import ties
from pliego.awards.events import AwardMade
from pliego.contracts import services
from pliego.contracts.events import ContractSigned
from pliego.contracts.models import Contract
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM
from pliego.kernel.events import Announced, on
from pliego.kernel.objections import Text
from pliego.ledger.seal import NoSeal

OVER = ("closed", "rejected")


@on(AwardMade)
def draft_the_contract(announced: Announced) -> None:
    services.draft_contract(actor=SYSTEM, award_id=announced.subject_id, at=clock.now())


@on(ContractSigned)
def write_the_signed_copy(announced: Announced) -> None:
    with suppress(NoSeal):  # the signer has not had its first turn: the timed job writes the copy then
        services.write_signed_copy(contract_id=announced.subject_id, at=clock.now())


@ties.tie(ties.LIVE)
def live_contracts(user_id: int, at: datetime) -> Iterator[Text]:
    """Contracts that the person signed or supervises, or of an account in which they have a place, not yet over."""
    theirs = Q(supervisor_id=user_id) | Q(authorising_officer_id=user_id)
    theirs |= Q(supplier__membership__user_id=user_id, supplier__membership__state="accepted")
    for contract in Contract.objects.filter(theirs).exclude(state__in=OVER).distinct().order_by("pk")[:5]:
        yield format_lazy(_("the contract {code} is alive"), code=contract.code)
