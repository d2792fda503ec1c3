"""What a supplier says of itself, as much of it as each reader may see."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pliego.codelists import queries as codelists
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.parties.models import Account
from pliego.suppliers import rules
from pliego.suppliers.models import BankAccount, BiddersRegister, Experience, FinancialYear, Profile
from pliego.suppliers.policy import POLICY, Act


@dataclass(frozen=True)
class Shown:
    """A profile for one reader. What they may not see is not in it."""

    profile: Profile | None
    main_category: str = ""
    experiences: list[Experience] = field(default_factory=list)
    years: list[tuple[FinancialYear, rules.Indicators]] = field(default_factory=list)
    register: BiddersRegister | None = None
    register_until: Any = None
    register_holds: bool = False
    bank: BankAccount | None = None
    sees_capacity: bool = False
    sees_bank: bool = False


def profile_for(*, actor: Actor, account: Account, at: datetime) -> Shown:
    """Public to all: what it sells and its size. To buyers: experience, capacity, register. To its own: the bank."""
    POLICY.require(actor, Act.VIEW, account)
    profile = Profile.objects.filter(account=account).first()
    category = f"{profile.main_category} {codelists.unspsc_name(profile.main_category)}".strip() if profile else ""
    capacity, bank = POLICY.verdict(actor, Act.SEE_CAPACITY, account), POLICY.verdict(actor, Act.SEE_BANK, account)
    if not capacity:
        return Shown(profile, category)
    experiences = Experience.objects.filter(account=account, is_withdrawn=False).select_related("document")
    years = FinancialYear.objects.filter(account=account).select_related("document").order_by("-as_of")
    register = BiddersRegister.objects.filter(account=account).select_related("document").first()
    until = rules.register_holds_until(register) if register else None
    return Shown(
        profile,
        category,
        list(experiences.order_by("-ends_on", "-number")),
        [(year, rules.indicators(year)) for year in years],
        register,
        until,
        until is not None and calendar.day_of(at) <= until,
        BankAccount.objects.filter(account=account).select_related("document").first() if bank else None,
        sees_capacity=True,
        sees_bank=bool(bank),
    )
