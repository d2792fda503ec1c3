"""The menus of the site, as tables: what each kind of reader is offered, and where it leads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text

Who = Callable[[Actor], bool]


@dataclass(frozen=True)
class Item:
    text: Text
    path: str
    who: Who = lambda actor: True


@dataclass(frozen=True)
class Shown:
    text: Text
    url: str
    is_here: bool = False


@dataclass(frozen=True)
class Group:
    title: Text
    items: tuple[Shown, ...]


def anybody(actor: Actor) -> bool:
    return True


def signed_in(actor: Actor) -> bool:
    return actor.signed_in


def buyer(actor: Actor) -> bool:
    return actor.is_buyer and bool(actor.roles)


def supplier(actor: Actor) -> bool:
    return actor.is_supplier and bool(actor.roles)


def with_role(*roles: str) -> Who:
    return lambda actor: actor.is_buyer and bool(actor.roles & set(roles))


def administrator(actor: Actor) -> bool:
    return "administrator" in actor.roles


def desk(actor: Actor) -> bool:
    return "desk" in actor.platform_roles


# fmt: off
MAIN = (
    Item(_("My desk"),        "/escritorio/", signed_in),
    Item(_("Processes"),      "/procesos/"),
    Item(_("Annual plans"),   "/paa/"),
    Item(_("Open data"),      "/datos/"),
    Item(_("Verify"),         "/verificar/"),
    Item(_("Help"),           "/ayuda/"),
)

DESK: tuple[tuple[Text, tuple[Item, ...]], ...] = (
    (_("My work"), (
        Item(_("My tasks"),         "/escritorio/"),
        Item(_("Notices"),          "/avisos/"),
    )),
    (_("Buying"), (
        Item(_("Annual plan"),      "/escritorio/paa/",       buyer),
        Item(_("Processes"),        "/escritorio/procesos/",  buyer),
        Item(_("Contracts"),        "/escritorio/contratos/", buyer),
        Item(_("Payments"),         "/escritorio/pagos/",     with_role("supervisor", "treasurer", "control")),
        Item(_("Opening keys"),     "/escritorio/llaves/",    buyer),
    )),
    (_("Selling"), (
        Item(_("My offers"),        "/ofertas/",              supplier),
        Item(_("My contracts"),     "/escritorio/contratos/", supplier),
        Item(_("Find processes"),   "/procesos/",             supplier),
    )),
    (_("My organisation"), (
        Item(_("Team and roles"),   "/escritorio/equipo/",    administrator),
        Item(_("Organisation"),     "/cuenta/organizacion/",  administrator),
    )),
    (_("Service desk"), (
        Item(_("Requests"),         "/mesa/",                 desk),
    )),
    (_("My account"), (
        Item(_("Register an organisation"), "/registro/entidad/"),
        Item(_("Request access"),   "/cuenta/acceso/"),
        Item(_("My data and security"), "/cuenta/"),
    )),
)

FOOTER: tuple[tuple[Text, tuple[Item, ...]], ...] = (
    (_("Citizens"), (
        Item(_("Search processes"),   "/procesos/"),
        Item(_("Annual plans"),       "/paa/"),
        Item(_("Open data"),          "/datos/"),
        Item(_("Verify a receipt"),   "/verificar/"),
    )),
    (_("Buy and sell"), (
        Item(_("Register"),           "/registro/"),
        Item(_("Guide for entities"), "/ayuda/comprador/"),
        Item(_("Guide for suppliers"), "/ayuda/proveedor/"),
        Item(_("Guide for integrators"), "/ayuda/integrador/"),
        Item(_("API"),                "/api/v1/docs"),
    )),
    (_("This site"), (
        Item(_("Help"),               "/ayuda/"),
        Item(_("Accessibility"),      "/accesibilidad/"),
        Item(_("Privacy"),            "/privacidad/"),
        Item(_("Site map"),           "/mapa-del-sitio/"),
    )),
)
# fmt: on


@cache
def exists(path: str) -> bool:
    """Whether this installation has a page at that path."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def localized(path: str) -> str:
    is_page = not path.startswith("/api/")
    return f"/en{path}" if is_page and (get_language() or "es").startswith("en") else path


def shown(items: tuple[Item, ...], actor: Actor, here: str = "") -> tuple[Shown, ...]:
    """The items of a menu that this actor is offered, with the one that the page belongs to marked."""
    offered = [item for item in items if item.who(actor) and exists(localized(item.path))]
    around = [item.path for item in offered if here.startswith(item.path)]
    mine = max(around, key=len, default="")
    return tuple(Shown(item.text, localized(item.path), bool(mine) and item.path == mine) for item in offered)


def groups(table: tuple[tuple[Text, tuple[Item, ...]], ...], actor: Actor, here: str = "") -> list[Group]:
    found = [Group(title, shown(items, actor, here)) for title, items in table]
    return [group for group in found if group.items]
