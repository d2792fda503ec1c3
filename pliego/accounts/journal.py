"""The door's journal: what happened, from which network, with which device."""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from pliego.accounts import places
from pliego.accounts.models import AccessRecord, User
from pliego.kernel import clock

Kind = AccessRecord.Kind

SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


@dataclass(frozen=True)
class Door:
    """Where a request came from, as its owner can recognise it."""

    network: str = ""
    device: str = ""
    place: str = ""


def door_of(request: HttpRequest) -> Door:
    address = address_of(request)
    return Door(network_of(address), device_of(request.headers.get("User-Agent", "")), places.place_of(address))


def address_of(request: HttpRequest) -> str:
    """Whoever knocked. Behind our own proxies, what the first of them saw, and not what a client wrote before."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.PLIEGO_PROXIES and len(told) >= settings.PLIEGO_PROXIES:
        return told[-settings.PLIEGO_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def device_of(agent: str) -> str:
    """The browser and system that a user agent names, in two words."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if re.search(mark, agent)), "")
    known = " · ".join(part for part in (browser, system) if part)
    return known or agent[:80]


def network_of(address: str) -> str:
    """The network of an address (/24, /64): enough to recognise a place, not enough to point at a person."""
    try:
        bits = 24 if ip_address(address).version == 4 else 64
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{bits}", strict=False))


def record(*, user: User, kind: Kind, door: Door, method: str = "", detail: str = "") -> AccessRecord:
    """Write one line of the journal, on the real clock."""
    return AccessRecord.objects.create(
        user=user,
        kind=kind,
        at=clock.real_now(),
        method=method,
        network=door.network,
        place=door.place,
        device=door.device[:200],
        detail=detail[:200],
    )
