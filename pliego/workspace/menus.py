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


def with_place(actor: Actor) -> bool:
    return bool(actor.account_code and actor.roles)


def administrator(actor: Actor) -> bool:
    return "administrator" in actor.roles


def without_place(actor: Actor) -> bool:
    return not actor.account_code and not actor.platform_roles


def desk(actor: Actor) -> bool:
    return "desk" in actor.platform_roles


# fmt: off
MAIN = (
    Item(_("My desk"),        "/escritorio/", signed_in),
    Item(_("Processes"),      "/procesos/"),
    Item(_("Directory"),      "/directorio/"),
    Item(_("Annual plans"),   "/paa/"),
    Item(_("Open data"),      "/datos/"),
    Item(_("Verify"),         "/verificar/"),
    Item(_("Help"),           "/ayuda/"),
)

DESK: tuple[tuple[Text, tuple[Item, ...]], ...] = (
    (_("My work"), (
        Item(_("My tasks"),         "/escritorio/"),
        Item(_("My deadlines"),     "/escritorio/vencimientos/", with_role("supervisor")),
        Item(_("Notices"),          "/avisos/"),
        Item(_("Messages"),         "/escritorio/mensajes/", with_place),
        Item(_("What I follow"),    "/escritorio/siguiendo/", signed_in),
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
        Item(_("Invoices and payments"), "/escritorio/pagos/", supplier),
        Item(_("Find processes"),   "/procesos/",             supplier),
        Item(_("Areas of interest"), "/escritorio/intereses/", supplier),
        Item(_("Profile of the supplier"), "/escritorio/perfil/", supplier),
        Item(_("Plural bidders"),   "/consorcios/",           supplier),
    )),
    (_("My organisation"), (
        Item(_("Team and roles"),   "/escritorio/equipo/",    administrator),
        Item(_("Configuration"),    "/escritorio/cuenta/",    with_place),
        Item(_("Registrations"),    "/cuenta/registros/",     signed_in),
    )),
    (_("Service desk"), (
        Item(_("Requests"),         "/mesa/",                 desk),
        Item(_("Suppliers from a file"), "/cargas-masivas/proveedores/", desk),
        Item(_("Suspensions"),      "/mesa/suspensiones/",    desk),
        Item(_("Lost factors"),     "/mesa/reposiciones/",    desk),
        Item(_("Merged registrations"), "/mesa/uniones/",     desk),
    )),
    (_("My account"), (
        Item(_("Register an entity"), "/entidades/registrar/",  without_place),
        Item(_("Register as supplier"), "/proveedores/registrar/", without_place),
        Item(_("Request access"),   "/acceso/"),
        Item(_("My data and security"), "/cuenta/"),
    )),
)

FOOTER: tuple[tuple[Text, tuple[Item, ...]], ...] = (
    (_("Citizens"), (
        Item(_("Search processes"),   "/procesos/"),
        Item(_("Directory"),          "/directorio/"),
        Item(_("Annual plans"),       "/paa/"),
        Item(_("Sanctions"),          "/sanciones/"),
        Item(_("Open data"),          "/datos/"),
        Item(_("Verify a receipt"),   "/verificar/"),
        Item(_("Log of all acts"),    "/bitacora/"),
    )),
    (_("Buy and sell"), (
        Item(_("Register"),           "/registro/"),
        Item(_("Guide for entities"), "/ayuda/comprador/"),
        Item(_("Guide for suppliers"), "/ayuda/proveedor/"),
        Item(_("Guide for integrators"), "/ayuda/integrador/"),
        Item(_("API"),                "/ayuda/api/"),
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


def offered(items: tuple[Item, ...], actor: Actor) -> list[Item]:
    return [item for item in items if item.who(actor) and exists(localized(item.path))]


def nearest(items: list[Item], here: str) -> str:
    """The path of the item that the page belongs to: the longest one that the page's own path begins with."""
    return max((item.path for item in items if here.startswith(item.path)), key=len, default="")


def shown(items: tuple[Item, ...], actor: Actor, here: str = "") -> tuple[Shown, ...]:
    """The items of a menu that this actor is offered, with the one that the page belongs to marked."""
    mine = offered(items, actor)
    current = nearest(mine, here)
    return tuple(Shown(item.text, localized(item.path), bool(current) and item.path == current) for item in mine)


def groups(table: tuple[tuple[Text, tuple[Item, ...]], ...], actor: Actor, here: str = "") -> list[Group]:
    """A menu in groups; one item at most of the whole menu is the page's own."""
    current = nearest([item for _title, items in table for item in offered(items, actor)], here)
    found = []
    for title, items in table:
        mine = offered(items, actor)
        lines = tuple(Shown(i.text, localized(i.path), bool(current) and i.path == current) for i in mine)
        if any(line.is_here for line in lines):
            current = ""  # an account that buys and sells has some pages in two groups: one of them is marked
        if lines:
            found.append(Group(title, lines))
    return found
