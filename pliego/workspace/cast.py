"""The people of a practice installation, each with the link that signs in as them."""

from dataclasses import dataclass

from pliego.accounts.models import User
from pliego.parties.models import Membership
from pliego.parties.roles import PLATFORM_ROLES, ROLES
from pliego.workspace.rooms import address_of, asked

SHOWN = 24


@dataclass(frozen=True)
class Person:
    name: str
    organisation: str
    roles: list[str]
    sign_in_url: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


def cast() -> list[Person]:
    """The first people of the installation: who acts for somebody, who works for the platform, and who does neither."""
    make_token = asked("accounts", "link_token", "demo")
    if make_token is None:
        return []
    found: dict[int, Person] = {}
    places = Membership.objects.filter(state="accepted", user__is_active=True).order_by("user_id", "pk")
    for place in places.select_related("user", "account__organization")[: SHOWN * 2]:
        roles = [str(ROLES[code].title) for code in place.all_roles if code in ROLES]
        url = address_of("accounts:demo-sign-in", token=make_token(place.user, place.account))
        found.setdefault(place.user_id, Person(place.user.full_name, place.account.name, roles, url))
    for user in User.objects.filter(is_active=True).exclude(pk__in=found).order_by("pk")[:SHOWN]:
        roles = [str(PLATFORM_ROLES[code]) for code in user.platform_roles if code in PLATFORM_ROLES]
        url = address_of("accounts:demo-sign-in", token=make_token(user))
        found[user.pk] = Person(user.full_name, "Pliego" if roles else "", roles, url)
    return list(found.values())[:SHOWN]
