"""Days and instants as people read them, in pages, refusals and papers alike: `21 nov 2026, 15:00`, in Bogotá."""

from datetime import date, datetime

from django.utils.translation import get_language

from pliego.kernel.calendar import BOGOTA

MONTHS = {
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def language() -> str:
    """That of the page: Spanish unless it is English."""
    return "en" if (get_language() or "es").startswith("en") else "es"


def day(value: date, words: str = "") -> str:
    """21 nov 2026; of an instant, its day in Bogotá. Papers of the law say `words="es"`: they are Spanish always."""
    if isinstance(value, datetime):
        value = value.astimezone(BOGOTA)
    return f"{value.day} {MONTHS[words or language()][value.month - 1]} {value.year}"


def hour(value: datetime) -> str:
    """15:00, or 15:00:04 when the seconds matter"""
    local = value.astimezone(BOGOTA)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def instant(value: datetime, words: str = "") -> str:
    """21 nov 2026, 15:00"""
    return f"{day(value, words)}, {hour(value)}"
