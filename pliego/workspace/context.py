"""What the header, the menus and the footer show; worked out only when a page draws them."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pliego.kernel.actors import ANYONE, Actor
from pliego.parties.queries import SWITCHER
from pliego.parties.roles import PLATFORM_ROLES, ROLES
from pliego.workspace import filling, menus
from pliego.workspace.rooms import address_of, asked


def _path(request: HttpRequest) -> str:
    path = request.path
    return path[3:] if path.startswith("/en/") else path


def _unread(actor: Actor) -> int:
    count = asked("notifications", "unread_for")
    return int(count(actor)) if count and actor.signed_in else 0


def _roles(actor: Actor) -> list[str]:
    held = [str(role.title) for code, role in ROLES.items() if code in actor.roles]
    return held + [str(title) for code, title in PLATFORM_ROLES.items() if code in actor.platform_roles]


def shell(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", ANYONE)
    path = _path(request)
    return {
        "site_nav": SimpleLazyObject(lambda: menus.shown(menus.MAIN, actor, path)),
        "site_footer": SimpleLazyObject(lambda: menus.groups(menus.FOOTER, actor)),
        "desk_menu": SimpleLazyObject(lambda: menus.groups(menus.DESK, actor, path)),
        "places": SimpleLazyObject(lambda: SWITCHER(actor.user_id) if actor.user_id else []),
        "actor_roles": SimpleLazyObject(lambda: _roles(actor)),
        "unread": cache(lambda: _unread(actor)),  # called by the template: plurals need a real number
        "inbox_url": SimpleLazyObject(lambda: address_of("notifications:inbox")),
        "switch_url": SimpleLazyObject(lambda: address_of("parties:switch")),
        "is_filling": SimpleLazyObject(filling.is_under_way),
        "demo_url": SimpleLazyObject(lambda: address_of("workspace:demo")),
    }
