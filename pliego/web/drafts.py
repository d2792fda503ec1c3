"""Drafts of forms, saved while people type.

Guarantees: a version is appended, never changed; two open pages that both type get a conflict with both versions, and
nothing of either is lost; a draft is seen only by the members of its account (or its person); the server, not the
browser, decides which fields are kept: the page carries their list signed, and prices and sealed answers are not in it;
a page that was sent keeps no draft any more, however late its last autosave arrives; and it takes away no words of
another person that it never showed.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.db import connection, transaction
from django.http import QueryDict

from pliego.kernel.actors import Actor
from pliego.kernel.models import KeptReply
from pliego.kernel.objections import Denied, Unknown
from pliego.web.forms import Form
from pliego.web.models import Draft, DraftVersion

SALT = "pliego.web.drafts"
LARGEST = 200_000  # characters; a form is not a store of files
SEEN = "visto"  # the mark of what the page was written over: kept with the words, and given back with them
Data = dict[str, list[str]]


class Stale(Exception):
    """Somebody saved a newer version from another page."""

    def __init__(self, newest: DraftVersion, mine: Data) -> None:
        super().__init__(newest.number)
        self.newest, self.mine = newest, mine


@dataclass(frozen=True)
class Mark:
    """What an autosaving page carries: whose draft, which one, which open page, and the fields that may be kept.

    `page` is the token with which the page is sent once, and `path` is where it is sent to.
    """

    owner: str
    key: str
    page: str
    fields: dict[str, str]
    path: str = ""
    version: int = 0
    saved_at: datetime | None = None
    stays: tuple[str, ...] = ()  # what must not even leave the browser until the form is sent

    @property
    def token(self) -> str:
        body = {"owner": self.owner, "key": self.key, "page": self.page, "fields": self.fields, "path": self.path}
        return signing.dumps(body, salt=SALT, compress=True)

    @property
    def left_out(self) -> str:
        return "not " + ",".join(("una_vez", "firma-password", "firma-code", "firma-demo", *self.stays))


def owner_of(actor: Actor) -> str:
    if not actor.signed_in:
        raise Denied("Sign in to keep drafts.")
    return f"cuenta:{actor.account_code}" if actor.account_code else f"persona:{actor.user_code}"


def keepable(form: Form) -> dict[str, str]:
    """The fields of a form that a draft may hold, with their labels."""
    return {
        bound.html_name: str(bound.label)
        for bound in form
        if bound.name not in form.never_drafted
        and not isinstance(bound.field.widget, (forms.PasswordInput, forms.FileInput))
    }


def mark(actor: Actor, key: str, form: Form, newest: DraftVersion | None, *, once: str = "", path: str = "") -> Mark:
    page = once or secrets.token_hex(16)
    number, saved_at = (newest.number, newest.saved_at) if newest else (0, None)
    kept = keepable(form)
    stays = tuple(bound.html_name for bound in form if bound.html_name not in kept)
    return Mark(owner_of(actor), key, page, kept, path, number, saved_at, stays)


def newest_of(actor: Actor, key: str) -> DraftVersion | None:
    if not actor.signed_in:
        return None
    versions = DraftVersion.objects.filter(draft__owner=owner_of(actor), draft__key=key)
    return versions.order_by("-number").first()


def initial_from(data: Data, form: Form) -> dict[str, Any]:
    """The raw words of a draft as initial values: shown exactly as they were typed, valid or not."""
    kept: dict[str, Any] = {}
    for bound in form:
        if bound.html_name in keepable(form) and bound.html_name in data:
            values = data[bound.html_name]
            many = getattr(bound.field.widget, "allow_multiple_selected", False)
            kept[bound.name] = values if many else (values[-1] if values else "")
        elif isinstance(bound.field.widget, forms.CheckboxInput) and data and bound.html_name in keepable(form):
            kept[bound.name] = False
    return kept


def read_token(actor: Actor, key: str, token: str) -> Mark:
    """The mark that this server gave to this person's page; anything else is unknown."""
    try:
        body = signing.loads(token, salt=SALT, max_age=86_400)
    except signing.BadSignature as fault:
        raise Unknown() from fault
    if body["key"] != key or body["owner"] != owner_of(actor):
        raise Unknown()
    return Mark(body["owner"], body["key"], body["page"], body["fields"], body["path"])


def once_key(path: str, token: str) -> str:
    """Under which the answer to a page is kept, so that the same page sent twice acts once."""
    return f"page:{path}:{token}"[:200]


def _was_sent(actor: Actor, mark: Mark) -> bool:
    return KeptReply.objects.filter(actor=actor.user_code, key=once_key(mark.path, mark.page)).exists()


def _hold(owner: str, key: str) -> None:
    """Until this transaction ends nobody else keeps or forgets this draft, whether or not it has a row yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('web.drafts'), hashtext(%s))", [f"{owner}|{key}"])


def keep(
    *, actor: Actor, mark: Mark, sent: QueryDict, version: int, overrule: bool, at: datetime
) -> DraftVersion | None:
    """Append what the page holds now as the next version of its draft; nothing when the page was sent meanwhile."""
    data: Data = {name: sent.getlist(name) for name in (*mark.fields, SEEN) if name in sent}
    if sum(len(value) for values in data.values() for value in values) > LARGEST:
        raise Unknown()
    with transaction.atomic():
        _hold(mark.owner, mark.key)
        if _was_sent(actor, mark):
            return None
        Draft.objects.get_or_create(owner=mark.owner, key=mark.key)
        draft = Draft.objects.select_for_update().get(owner=mark.owner, key=mark.key)
        newest = draft.versions.order_by("-number").first()
        if newest and newest.data == data:
            return newest
        if newest and newest.number != version and newest.page != mark.page and not overrule:
            raise Stale(newest, data)
        draft.version += 1
        draft.save(update_fields=["version"])
        return draft.versions.create(
            number=draft.version,
            data=data,
            page=mark.page,
            saved_by=actor.user_code,
            saved_by_name=actor.name,
            saved_at=at,
        )


def differences(stale: Stale, labels: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of each field on which the two pages do not agree."""
    return [
        (label, ", ".join(stale.mine.get(name, [])), ", ".join(stale.newest.data.get(name, [])))
        for name, label in labels.items()
        if stale.mine.get(name, []) != stale.newest.data.get(name, [])
    ]


def discard(actor: Actor, key: str, *, version: int | None = None) -> None:
    """Forget a draft whose form was sent, in the transaction that sends it; but not the words that somebody else put
    in it after the `version` of which the page knew.
    """
    _hold(owner_of(actor), key)
    newest = newest_of(actor, key)
    if version is not None and newest and newest.number > version and newest.saved_by != actor.user_code:
        return
    Draft.objects.filter(owner=owner_of(actor), key=key).delete()
