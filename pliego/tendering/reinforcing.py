"""The reinforced mode of an opening: what it asks of the draft, what the publication fixes of it, how it is told.

Guarantees: nothing of it changes after the publication. The witnesses that count for a process are those that were
registered when it was published, so that nobody is added to them later, when it would suit somebody.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pliego.kernel.objections import Objection, Text
from pliego.ledger import witnessing
from pliego.ledger.models import ENOUGH

NEEDED = ENOUGH  # witnesses that must have cosigned the closing record

# What it changes, in words for everybody.
CHANGES: tuple[Text, ...] = (
    gettext_lazy("The offers are sealed outside the browser, with a program that runs on the supplier's own computer."),
    gettext_lazy("The size of each sealed file is rounded up, so that it says little of what it holds."),
    gettext_lazy(
        "Each member of the opening keeps their key with a passkey; a copy on paper may be kept sealed apart."
    ),
)


def no_reason(is_reinforced: bool, reason: str) -> Iterator[Objection]:
    if is_reinforced and not reason.strip():
        yield Objection("no_reason", _("Write why this opening is reinforced: it is public."), "reinforced_reason")


def is_incomplete(tender: Any, members: Sequence[Any], at: datetime) -> Iterator[Objection]:
    """What a reinforced opening needs besides; `members` are those that have a key."""
    awake = len(tender.awake_witnesses(at))
    if awake < NEEDED:
        sentence = _(
            "A reinforced opening needs %(needed)s witnesses that signed the log in the last 24 hours, and there are"
            " %(awake)s. Ask the operator of the platform, or choose the usual mode."
        )
        yield Objection("too_few_witnesses", sentence % {"needed": NEEDED, "awake": awake}, "reinforced")
    if not tender.custodian_keeper:
        sentence = _(
            "The time custodian is not registered as kept by another institution: a reinforced opening needs it. Ask"
            " the operator of the platform, or choose the usual mode."
        )
        yield Objection("custodian_not_outside", sentence, "reinforced")
    held = tender.on_passkeys([member.user_id for member in members])
    for member in members:
        if member.user_id not in held:
            sentence = _(
                "The key of %(name)s is not kept by a passkey, and a reinforced opening needs it: they make another one"
                " on their own page of keys, with the button of the passkey."
            )
            yield Objection("key_not_on_passkey", sentence % {"name": member.user.full_name}, f"member-{member.number}")


def keeper_of_the_custodian(buyer: str) -> str:
    """The institution that keeps the time custodian, when it is neither the operator of the platform nor the entity."""
    name = str(settings.PLIEGO_CUSTODIAN_KEEPER).strip()
    return "" if name.casefold() in {settings.PLIEGO_OPERATOR.strip().casefold(), buyer.casefold()} else name


def fixed_now(tender: Any) -> dict[str, Any]:
    """What the publication fixes: who watches the log, how many of them are needed, and who keeps the custodian."""
    if not tender.is_reinforced:
        return {}
    watching = [witnessing.described(seen.witness) for seen in witnessing.witnesses()]
    return {"needed": NEEDED, "witnesses": watching, "keeper": tender.custodian_keeper}


def plain(tender: Any) -> dict[str, Any]:
    """What the public act and every version of the pliego say of it; nothing where it is not reinforced."""
    told = {"reason": tender.reinforced_reason, **tender.reinforced_with}
    return {"reinforced": told} if tender.is_reinforced else {}


def in_words(tender: Any) -> list[str]:
    """What it means in this process: for the pages."""
    fixed = tender.reinforced_with
    if not tender.is_reinforced:
        return []
    said = [str(change) for change in CHANGES]
    if fixed:
        names = ", ".join(f"{each['institution']} ({each['name']})" for each in fixed["witnesses"])
        sentence = _("Nothing is opened until %(needed)s of these witnesses have signed the closing record: %(names)s.")
        said.append(sentence % {"needed": fixed["needed"], "names": names})
        said.append(_("The time custodian is kept by %(keeper)s.") % {"keeper": fixed["keeper"]})
    else:
        sentence = _("Nothing is opened until %(needed)s outside witnesses of the log have signed the closing record.")
        said += [sentence % {"needed": NEEDED}, _("The time custodian is kept by another institution.")]
    return said


def cautions(tender: Any) -> list[str]:
    """With no witness to spare, one that stops for ever leaves the offers sealed for ever."""
    if not tender.is_reinforced or len(witnessing.witnesses()) > NEEDED:
        return []
    return [_("There is no witness to spare: if one stops, the offers stay sealed. Ask the operator to register more.")]
