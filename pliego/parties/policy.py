"""Predicates about people that every room's table uses, and the tables of this room."""

from enum import StrEnum
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.policy import Policy, Predicate, Row, anyone, is_signed_in, is_system, nobody, state_is, who
from pliego.parties.roles import ROLES

__all__ = [
    "POLICY",
    "REGISTRATION",
    "Act",
    "anyone",
    "has_role",
    "is_buyer",
    "is_desk",
    "is_operator",
    "is_signed_in",
    "is_supplier",
    "is_system",
    "nobody",
    "state_is",
    "who",
    "works_for",
]


def has_role(*codes: str) -> Predicate:
    """The actor holds one of these roles in the account for which they act."""
    if unknown := set(codes) - ROLES.keys():
        raise ValueError(f"no such roles: {unknown}")
    sentence = _("Your role does not allow this. Ask the administrator of your account for the role “{role}”.")
    return Predicate(
        "is " + "/".join(codes),
        lambda actor, obj: not actor.roles.isdisjoint(codes),
        format_lazy(sentence, role=ROLES[codes[0]].title),
    )


def works_for(path: str = "") -> Predicate:
    """The actor acts for the account that the object names: `works_for("buyer")`, `works_for("tender.buyer")`.

    An empty path means that the object is the account itself. The account's id is read without a query.
    """

    def test(actor: Actor, obj: Any) -> bool:
        return actor.account_id is not None and actor.account_id == _account_id(obj, path)

    return Predicate(f"works for its {path or 'account'}", test, _("Only people of that account can do this."))


def _account_id(obj: Any, path: str) -> int | None:
    *way, last = path.split(".")
    for step in way:
        obj = getattr(obj, step)
    return getattr(obj, f"{last}_id") if last else obj.pk


is_buyer = who(
    lambda actor, obj: actor.is_buyer, _("Only people who act for a state entity can do this."), "is a buyer"
)
is_supplier = who(
    lambda actor, obj: actor.is_supplier, _("Only people who act for a supplier can do this."), "is a supplier"
)
is_desk = who(
    lambda actor, obj: "desk" in actor.platform_roles, _("Only the service desk can do this."), "is the service desk"
)
is_operator = who(
    lambda actor, obj: "operator" in actor.platform_roles,
    _("Only the operator of the platform can do this."),
    "is the operator",
)


class Act(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    REQUEST_ACTIVATION = "request_activation"
    TAKE = "take"
    ACTIVATE = "activate"
    REVIEW = "review"
    RETURN = "return"
    ASK_CHANGE = "ask_change"
    DECIDE_CHANGE = "decide_change"
    CONFIRM_ADMINISTRATOR = "confirm_administrator"
    REQUEST_ACCESS = "request_access"
    MANAGE_PEOPLE = "manage_people"
    SEE_REGISTRATION = "see_registration"


is_public = state_is("active", "suspended")
is_own = works_for()
administers = has_role("administrator")
binds = has_role("administrator", "approver", "representative")

# fmt: off
POLICY = Policy("parties", view=Act.VIEW, rows=(
    #   act                    who                             while the account is
    Row(Act.VIEW,              is_public | is_own | is_desk | is_operator),
    Row(Act.REQUEST_ACCESS,    is_signed_in,                   state_is("active")),
))
# What an active account keeps to itself, though everybody knows that it exists: for others there is no such thing.
REGISTRATION = Policy("registrations", view=Act.SEE_REGISTRATION, rows=(
    #   act                    who                             while the account is
    Row(Act.SEE_REGISTRATION,  is_own | is_desk | is_operator, reads=True),
    Row(Act.EDIT,              is_own & administers,           state_is("draft", "returned", "active")),
    Row(Act.REQUEST_ACTIVATION, is_own & administers,          state_is("draft", "returned")),
    Row(Act.TAKE,              is_desk,                        state_is("requested")),
    Row(Act.ACTIVATE,          is_desk,                        state_is("requested")),
    Row(Act.REVIEW,            is_desk,                        state_is("requested")),
    Row(Act.RETURN,            is_desk,                        state_is("requested")),
    Row(Act.ASK_CHANGE,        is_own & administers,           state_is("active")),
    Row(Act.DECIDE_CHANGE,     is_desk & ~is_own,              state_is("active")),
    Row(Act.CONFIRM_ADMINISTRATOR, (is_own & binds) | is_desk),
    Row(Act.MANAGE_PEOPLE,     is_own & administers),
))
# fmt: on
