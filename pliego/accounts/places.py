"""Roughly where an address is: what is known without asking anybody.

Addresses of the inside are known as such. For the rest, the operator may give a file of places (MMDB, the format of the
public databases of cities) in PLIEGO_PLACES; without it nothing is said of the place, and the network itself is shown.
"""

import logging
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)
INSIDE = "inside"
WORDS = {INSIDE: _("internal network")}
# RFC 1918, 4193, 3927 and 4291: nobody outside has them.
INSIDE_ARE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "::1")
NETWORKS_INSIDE = tuple(map(ip_network, INSIDE_ARE))
LANGUAGES = ("es", "en")


class Places(Protocol):
    def get(self, ip_address: str) -> Any: ...


def place_of(address: str) -> str:
    """ "Bogotá, Colombia", INSIDE, or "" when nothing is known."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if any(ip in network for network in NETWORKS_INSIDE):
        return INSIDE
    book = _book(settings.PLIEGO_PLACES)
    return _named(book.get(str(ip))) if book else ""


def in_words(place: str) -> str:
    return str(WORDS.get(place, place))


@cache
def _book(path: str) -> Places | None:
    if not path:
        return None
    from maxminddb import MODE_MMAP, InvalidDatabaseError, open_database

    try:
        return cast(Places, open_database(path, MODE_MMAP))
    except (OSError, InvalidDatabaseError) as fault:  # a door that opens matters more than where it was knocked from
        logger.warning("PLIEGO_PLACES cannot be read, no place is shown: %s", fault)
        return None


def _named(found: Any) -> str:
    """City, region and country of a record, in Spanish where the file has it, without repeating a name."""
    record = found or {}
    names: list[str] = []
    for part in (record.get("city"), *record.get("subdivisions", ())[:1], record.get("country")):
        known = (part or {}).get("names", {})
        name = next((known[language] for language in LANGUAGES if language in known), "")
        if name and name not in names:
            names.append(name)
    return ", ".join(names)[:80]
