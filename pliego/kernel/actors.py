"""Who acts, for whom, and with which signature."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Signature:
    """Proof that the person was there for this act (security.md section 4).

    method: "totp" (password and one-time code re-entered), "passkey", or "demo" (practice installations only).
    """

    method: str
    signed_at: datetime
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mandate:
    """A delegation in use: in whose place the person acts, and how far it reaches.

    `acts` are rows of policies ("tendering.publish"); an empty set is everything that the delegated roles may do.
    """

    code: str
    grantor_id: int
    grantor_code: str
    grantor_name: str
    acts: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    limit: Decimal | None = None
    ends_at: datetime | None = None

    def covers(self, policy: str, act: str) -> bool:
        return not self.acts or f"{policy}.{act}" in self.acts


@dataclass(frozen=True)
class Actor:
    """A person acting for an account (or for nobody), or the platform itself.

    `roles` are the ones held in `account_id`; `platform_roles` are "desk" and "operator". With a `mandate` the roles
    are the delegated ones and no others.
    """

    user_id: int | None = None
    user_code: str = ""
    name: str = ""
    account_id: int | None = None
    account_code: str = ""
    account_name: str = ""
    is_buyer: bool = False
    is_supplier: bool = False
    roles: frozenset[str] = frozenset()
    platform_roles: frozenset[str] = frozenset()
    signature: Signature | None = None
    is_system: bool = False
    mandate: Mandate | None = None
    suspension: Text = ""  # of the person: why they may only read and answer, and by what road
    is_told_by_mail: bool = False  # of that: pages say it where something is refused, and not on top of each

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    def with_signature(self, signature: Signature | None) -> "Actor":
        return replace(self, signature=signature)

    @property
    def people(self) -> frozenset[int]:
        """Whoever acts, and whoever they act for by delegation: what neither may do, they do not do together."""
        found = {self.user_id, self.mandate.grantor_id if self.mandate else None}
        return frozenset(person for person in found if person is not None)

    def stands_for(self, user_id: int | None) -> bool:
        """Whether the actor is that person, or now acts in that person's place."""
        return user_id is not None and user_id == (self.mandate.grantor_id if self.mandate else self.user_id)

    def described(self) -> dict[str, Any]:
        """What the ledger keeps of an actor."""
        delegation = {}
        if self.mandate is not None:
            told = {"code": self.mandate.code, "person": self.mandate.grantor_code, "name": self.mandate.grantor_name}
            delegation = {"by_delegation_of": told}
        return {
            **delegation,
            "person": self.user_code,
            "name": self.name,
            "account": self.account_code,
            "account_name": self.account_name,
            "roles": sorted(self.roles | self.platform_roles),
            "system": self.is_system,
        }


ANYONE = Actor()
SYSTEM = Actor(user_code="pliego", name="Pliego", is_system=True)
