"""Who acts, for whom, and with which signature."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Signature:
    """Proof that the person was there for this act (security.md section 4).

    method: "totp" (password and one-time code re-entered), "passkey", or "demo" (practice installations only).
    """

    method: str
    signed_at: datetime
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Actor:
    """A person acting for an account (or for nobody), or the platform itself.

    `roles` are the ones held in `account_id`; `platform_roles` are "desk" and "operator".
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

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    def with_signature(self, signature: Signature | None) -> "Actor":
        return replace(self, signature=signature)

    def described(self) -> dict[str, Any]:
        """What the ledger keeps of an actor."""
        return {
            "person": self.user_code,
            "name": self.name,
            "account": self.account_code,
            "account_name": self.account_name,
            "roles": sorted(self.roles | self.platform_roles),
            "system": self.is_system,
        }


ANYONE = Actor()
SYSTEM = Actor(user_code="pliego", name="Pliego", is_system=True)
