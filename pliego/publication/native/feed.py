"""The public acts of a process as an Atom feed, the newest first."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.ledger.models import Entry
from pliego.publication import atom
from pliego.publication.native.reading import Known

MOST_ENTRIES = 100


def became_public(entry: Entry) -> datetime:
    """An act that was reserved is news when it is disclosed."""
    return entry.disclosed_at or entry.at


def of(known: Known) -> str:
    tender, site = known.tender, settings.PLIEGO_SITE_URL
    public = sorted((row for row in known.entries if row.is_disclosed), key=lambda row: (became_public(row), row.folio))
    newest = public[: -MOST_ENTRIES - 1 : -1]
    return atom.document(
        title=_("Acts of %(code)s: %(title)s") % {"code": tender.code, "title": tender.title},
        own=site + reverse("publication:acts_feed", args=[tender.code]),
        page=site + reverse("publication:process", args=[tender.code]),
        updated=became_public(newest[0]) if newest else tender.published_at or tender.created_at,
        entries=[_entry(entry, site) for entry in newest],
    )


def _entry(entry: Entry, site: str) -> atom.Entry:
    """Its id is that of the act itself, which no change of address touches."""
    told = entry.content["data"]
    said = told.get("reason") or told.get("about") or told.get("text") or ""
    return atom.Entry(
        id=f"urn:uuid:{entry.uuid}",
        title=str(entry.title),
        updated=became_public(entry),
        url=f"{site}{entry.url}",
        author=entry.who["account_name"] or entry.who_name,
        summary=said if isinstance(said, str) else "",
    )
