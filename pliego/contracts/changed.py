"""What a contract knows of what happened to it, apart from the stage of its life."""

from datetime import date, timedelta
from typing import Any

from pliego.consortia.models import Member
from pliego.contracts.changes import HAPPENED
from pliego.kernel.objections import Text
from pliego.parties.models import Membership


def planned_end(contract: Any) -> date | None:
    """When it ends; while it is suspended, when it would end if it resumed on the planned day."""
    ends: date | None = contract.ends_on
    if ends is None or contract.suspended_on is None or contract.resumes_on is None:
        return ends
    return ends + (contract.resumes_on - contract.suspended_on)


class Changed:
    """Mixed into `Contract`. `happened` holds codes of `changes.HAPPENED`; only `effects.apply` writes them."""

    @property
    def is_suspended(self: Any) -> bool:
        return self.suspended_on is not None

    @property
    def happened_titles(self: Any) -> list[Text]:
        return [title for code, title in HAPPENED.items() if code in self.happened]

    @property
    def signed_version(self: Any) -> Any:
        """The last one that was sent: the others before it were taken back, and are of the entity alone."""
        sent = [one for one in self.versions.all() if one.modification_id is None]
        return max(sent, key=lambda one: one.number, default=None)

    @property
    def runs_until(self) -> date | None:
        return planned_end(self)

    def terms_on(self: Any, today: date) -> date:
        """The day by which its terms are told: they do not run while it is suspended."""
        return today if self.suspended_on is None else min(today, self.suspended_on - timedelta(days=1))

    def is_of_the_party(self: Any, guarantee: Any) -> bool:
        """Whether who is its contractor now gave that guarantee, and not whom it took the contract over from."""
        return self.assigned_at is None or guarantee.submitted_at >= self.assigned_at

    def was_of(self: Any, account_id: int | None) -> bool:
        """Whether that account was its contractor, and assigned it to another."""
        if self.assigned_at is None or account_id is None:
            return False
        return bool(self.modifications.filter(state="published", given_by_id=account_id).exists())

    @property
    def members_of_its_supplier(self: Any) -> set[int]:
        """The accounts that make up the plural bidder which is its contractor."""
        rows = Member.objects.filter(group__account_id=self.supplier_id, state="accepted")
        return set(rows.values_list("supplier_id", flat=True))

    def works_there(self: Any, party: Any) -> bool:
        """Whether somebody who prepared, signed or supervises it has a place in that account."""
        people = [*self.authors, self.supervisor_id, self.authorising_officer_id]
        places = Membership.objects.filter(account=party, state="accepted")
        return bool(places.filter(user_id__in=[one for one in people if one is not None]).exists())
