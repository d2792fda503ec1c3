"""How somebody who lost a factor gets in again: who has what × what was lost → which road. Read by pages and tests.

No road removes a factor by mail: the mailed link gives a password, and the second factor is asked for as always. Only
a case of the service desk replaces factors (`reissuing`), and it asks for the password too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text


class Has(StrEnum):
    """What opens the door, or helps to."""

    PASSWORD = "password"  # noqa: S105 - the name of a factor
    TOTP = "totp"
    PASSKEY = "passkey"
    CODES = "recovery codes"
    MAIL = "mailbox"


class Way(StrEnum):
    AS_ALWAYS = "sign in as always"
    PASSKEY = "sign in with the passkey"
    CODE = "password and a recovery code"
    LINK = "the mailed link, and then as always"
    LINK_AND_CODE = "the mailed link, and then a recovery code"
    REISSUE = "a case of the service desk, with proof of identity, a wait and the password"
    DESK = "the service desk in person: the platform has no road for it"


SECOND = frozenset({Has.TOTP, Has.PASSKEY})


@dataclass(frozen=True)
class Road:
    """What is needed of what is left; the first row whose needs are met is the road."""

    needs: frozenset[Has]
    way: Way
    sentence: Text


# fmt: off
ROADS = (
    Road(frozenset({Has.PASSKEY}), Way.PASSKEY,
         _("You have a passkey: sign in with it, and change your password in your account.")),
    Road(frozenset({Has.PASSWORD, Has.TOTP}), Way.AS_ALWAYS,
         _("You have your password and your authenticator: sign in as always.")),
    Road(frozenset({Has.PASSWORD, Has.CODES}), Way.CODE,
         _("You lost the authenticator: sign in with your password and a recovery code, and add another one.")),
    Road(frozenset({Has.MAIL, Has.TOTP}), Way.LINK,
         _("You forgot the password: ask for the link here, and then sign in with your authenticator.")),
    Road(frozenset({Has.MAIL, Has.CODES}), Way.LINK_AND_CODE,
         _("You lost both: ask for the link here, and then sign in with a recovery code.")),
    Road(frozenset({Has.MAIL}), Way.REISSUE,
         _("You have only your mailbox, with or without the password: open a case with your identity document. Two"
           " people of the service desk decide, and the mail alone opens nothing.")),
    Road(frozenset(), Way.DESK,
         _("You have none of these, nor the mailbox: go to the service desk with your identity document.")),
)
# fmt: on


def road_for(left: Iterable[Has], *, had_second_factor: bool = True) -> Way:
    """The road of who has these left. Who never had a second factor needs none: their registration was not finished."""
    has = frozenset(left)
    if not had_second_factor and Has.PASSWORD in has:
        return Way.AS_ALWAYS
    if not had_second_factor and Has.MAIL in has:
        return Way.LINK
    return next(road.way for road in ROADS if road.needs <= has)
