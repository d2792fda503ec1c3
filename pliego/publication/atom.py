"""Atom feeds (RFC 4287): what every feed of the site is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True)
class Entry:
    """`id` never changes, whatever happens to the rest."""

    id: str
    title: str
    updated: datetime
    url: str
    author: str = ""
    summary: str = ""

    @property
    def xml(self) -> str:
        return (
            f"<entry><id>{escape(self.id)}</id><title>{escape(self.title)}</title>"
            f"<updated>{self.updated.isoformat()}</updated><link href={quoteattr(self.url)}/>"
            f"<author><name>{escape(self.author or '—')}</name></author>"
            f"<summary>{escape(self.summary)}</summary></entry>\n"
        )


def document(*, title: str, own: str, page: str, updated: datetime, entries: Iterable[Entry], id: str = "") -> str:
    """`own` is the address of the feed, `page` that of the page which shows the same, `id` what names it for ever."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es-CO">\n'
        f"<id>{escape(id or own)}</id><title>{escape(title)}</title>"
        f"<updated>{updated.isoformat()}</updated><link href={quoteattr(page)}/>"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(own)}/>\n'
        + "".join(entry.xml for entry in entries)
        + "</feed>\n"
    )
