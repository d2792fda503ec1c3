"""The closed list of grounds on which a person can be suspended, and of what counts as misuse. Plain data.

Source: «Términos y condiciones de uso del SECOP II», number 6 (“Manejo de usuarios, cuentas y contraseñas”), as the
agency quotes it in its answers to users: three grounds, eight events of misuse. Nothing outside this list suspends
anybody; failed sign-ins and complaints by themselves are not on it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text

SOURCE = _("Terms of use, number 6 (Management of users, accounts and passwords)")


@dataclass(frozen=True)
class Ground:
    """Why a person may be suspended, and which kinds of suspension the ground allows."""

    code: str
    letter: str
    title: Text
    kinds: tuple[str, ...]
    asks_decision: bool = False  # of the competent body: its number and date are part of the act


@dataclass(frozen=True)
class Misuse:
    code: str
    number: int
    title: Text


PROVISIONAL, DEFINITIVE = "provisional", "definitive"
KINDS: dict[str, Text] = {PROVISIONAL: _("Provisional"), DEFINITIVE: _("Definitive")}

# fmt: off
GROUNDS: dict[str, Ground] = {ground.code: ground for ground in (
    Ground("identity_theft", "a",
           _("The competent body found that the identity of a supplier or of an entity was stolen"),
           (PROVISIONAL, DEFINITIVE), asks_decision=True),
    Ground("misuse", "b",
           _("Misuse: preventively, until the competent body decides whether there was harmful conduct"),
           (PROVISIONAL, DEFINITIVE)),
    Ground("inactivity", "c",
           _("One consecutive year without any operation"),
           (PROVISIONAL, DEFINITIVE)),
)}

MISUSES: dict[str, Misuse] = {misuse.code: misuse for misuse in (
    Misuse("foreign_documents", 1,
           _("Presenting offers or signing contracts with documents of somebody else, or altered ones")),
    Misuse("no_capacity", 2,
           _("Presenting offers or signing contracts without capacity or authorisation, keeping the other party in"
             " error for an unlawful gain")),
    Misuse("many_users", 3,
           _("Creating more than one user for the same person in the same entity")),
    Misuse("many_accounts", 4,
           _("Creating more than one user or supplier account to take part in the same process")),
    Misuse("foreign_account", 5,
           _("Entering an account to which one does not belong, through an omission or error of its administrator")),
    Misuse("foreign_acts", 6,
           _("Acting in an account to which one does not belong, through an omission or error of its administrator")),
    Misuse("unsupported_registration", 7,
           _("Registering or updating an entity, supplier or plural bidder without the documents that support it or"
             " without authorisation")),
    Misuse("unauthorised_delegation", 8,
           _("Using the delegation of users without authorisation")),
)}
# fmt: on


def described(ground: str, misuse: str = "") -> Text:
    """What the person is told: the event of misuse when there is one, else the ground."""
    return MISUSES[misuse].title if misuse in MISUSES else GROUNDS[ground].title
