"""Words of the templates: money, instants, days, states."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext

from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.money import Money, cop, format_money, spelled

register = template.Library()

# The colour of a state's tag. The text says it; the colour only helps the eye.
COLOURS = {
    "draft": "grey",
    "not_started": "grey",
    "in_progress": "blue",
    "has_errors": "red",
    "wrong": "red",
    "added": "green",
    "changed": "blue",
    "missing": "orange",
    "ready": "green",
    "not_needed": "grey",
    "submitted": "yellow",
    "requested": "yellow",
    "pending": "yellow",
    "returned": "orange",
    "published": "green",
    "active": "green",
    "accepted": "green",
    "approved": "green",
    "running": "green",
    "signed": "green",
    "paid": "green",
    "settled": "green",
    "closed": "navy",
    "finished": "navy",
    "completed": "navy",
    "opened": "blue",
    "open": "green",
    "void": "grey",
    "awarded": "blue",
    "sent": "blue",
    "deserted": "grey",
    "replaced": "grey",
    "overdue": "red",
    "objected": "red",
    "confirmed": "green",
    "denied": "red",
    "withdrawn": "grey",
    "cancelled": "red",
    "revoked": "red",
    "suspended": "red",
    "rejected": "red",
    "unopenable": "red",
}


@register.filter
def money(value: Any) -> str:
    """$ 4.120.000.000"""
    if value is None or value == "":
        return ""
    return format_money(cop(value) if isinstance(value, (Decimal, int, str)) else value)


@register.filter
def day(value: Any) -> str:
    """21 nov 2026"""
    return dates.day(value) if isinstance(value, date) else ""


@register.filter
def hour(value: Any) -> str:
    """15:00, or 15:00:04 when the seconds matter"""
    return dates.hour(value) if isinstance(value, datetime) else ""


@register.filter
def hour_seconds(value: Any) -> str:
    """15:00:04"""
    return f"{value.astimezone(BOGOTA):%H:%M:%S}" if isinstance(value, datetime) else ""


@register.filter
def instant(value: Any) -> str:
    """21 nov 2026, 15:00; of a whole day, the day"""
    return dates.instant(value) if isinstance(value, datetime) else day(value)


@register.filter
def legal_instant(value: Any) -> str:
    """21 nov 2026, 15:00, hora legal de Colombia"""
    return f"{instant(value)}, {gettext('legal time of Colombia')}" if isinstance(value, datetime) else ""


@register.filter
def iso(value: Any) -> str:
    """For datetime="" and the clocks of the page."""
    return value.astimezone(BOGOTA).isoformat(timespec="seconds") if isinstance(value, datetime) else str(value or "")


@register.filter
def file_size(value: Any) -> str:
    """12,4 MB"""
    size = float(value or 0)
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    text = f"{size:.0f}" if unit == "bytes" or size >= 100 else f"{size:.1f}"
    return f"{text if dates.language() == 'en' else text.replace('.', ',')}\N{NO-BREAK SPACE}{unit}"


@register.filter
def number(value: Any) -> str:
    """1.234.567"""
    if value is None or value == "":
        return ""
    text = f"{int(value):,}"
    return text if dates.language() == "en" else text.replace(",", ".")


@register.filter
def tag_colour(state: Any) -> str:
    return COLOURS.get(str(state or ""), "grey")


@register.filter
def numbers(value: Any) -> str:
    """A sum or an exact number, as the reader writes it."""
    return spelled(str(value))


@register.filter
def yes_no(value: Any) -> str:
    return pgettext("answer", "Yes") if value else pgettext("answer", "No")


@register.filter
def is_money(value: Any) -> bool:
    return isinstance(value, Money)


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> str:
    """The same page in the other language."""
    path = context["request"].get_full_path()
    if path == "/en" or path.startswith("/en/"):
        return path[3:] or "/"
    return f"/en{path}"


@register.simple_tag
def address(path: str) -> str:
    """One of the site's own paths in the language of the page."""
    return f"/en{path}" if dates.language() == "en" else path
