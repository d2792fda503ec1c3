"""The newest processes of an area of interest, as Atom."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from pliego.directory.models import Interest
from pliego.publication.files import feed
from pliego.publication.search import COLUMNS
from pliego.publication.searching import ask_with_patience

MOST_ENTRIES = 50
# Every name is a constant; every value is a parameter.
NEWEST = (
    f"SELECT {', '.join(COLUMNS)} FROM publication_process"  # noqa: S608
    " WHERE doc @@ %s::tsquery ORDER BY listed_at DESC, id DESC LIMIT %s"
)


def newest(interest: Interest) -> list[dict[str, Any]]:
    codes = " | ".join(f"'u:{code}'" for code in interest.unspsc)
    places = " | ".join(f"'d:{code}'" for code in interest.departments)
    question = f"({codes}) & ({places})" if places else codes
    (rows,) = ask_with_patience([(NEWEST, [question, MOST_ENTRIES])])
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def atom(interest: Interest) -> str:
    own = settings.PLIEGO_SITE_URL + reverse("directory:interest-feed", args=[interest.code])
    page = settings.PLIEGO_SITE_URL + reverse("publication:processes")
    return feed(title=interest.title, own=own, page=page, rows=newest(interest))
