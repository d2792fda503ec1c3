"""The people of the demo country as actors."""

from dataclasses import dataclass
from datetime import datetime

from pliego.accounts.models import User
from pliego.demo.cast import BY_NAME
from pliego.kernel.actors import Actor, Signature
from pliego.parties import queries
from pliego.parties.models import Account


@dataclass(frozen=True)
class Country:
    accounts: dict[str, Account]

    def actor(self, name: str, *, at: datetime | None = None) -> Actor:
        """Somebody of the cast acting for their account; with `at`, having signed at that moment as in practice."""
        member = BY_NAME[name]
        account = self.accounts.get(member.account)
        signature = Signature("demo", at, {"practice": True}) if at else None
        user = User.objects.get(email=member.email)
        return queries.actor_for(user=user, account_id=account.pk if account else None, signature=signature)
