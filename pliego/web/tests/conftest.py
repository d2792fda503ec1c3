"""A form, an act and a person to try the web's own machinery with, without any room above it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.web.acts import perform
from pliego.web.forms import DateField, DateTimeField, Form, MoneyField, NitField, UploadField

ANA = Actor(user_id=1, user_code="ana", name="Ana", account_id=1, account_code="CTA1", account_name="Alcaldía de Soto")
BETO = Actor(user_id=2, user_code="beto", name="Beto", account_id=1, account_code="CTA1")
DARIO = Actor(user_id=4, user_code="dario", name="Darío", account_id=9, account_code="CTA9", account_name="Dario SAS")


class Purchase(Form):
    never_drafted = ("price",)

    title = forms.CharField(label="Title", max_length=100, help_text="As it will be published.")
    price = MoneyField(label="Price", required=False)
    nit = NitField(label="NIT", required=False)
    due = DateField(label="Due", required=False)
    closes_at = DateTimeField(label="Closes", required=False)
    terms = forms.CharField(label="Terms", max_length=500, required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Kind", choices=[("goods", "Goods"), ("works", "Works")], required=False, widget=forms.RadioSelect
    )
    places = forms.MultipleChoiceField(
        label="Places",
        choices=[("11", "Bogotá"), ("05", "Antioquia")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    urgent = forms.BooleanField(label="Urgent", required=False)
    document = UploadField(label="Document", required=False)


def somebody_waits() -> bool:
    """True as soon as a connection of this database waits for another's transaction."""
    for _look in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return True
    return False


@dataclass
class Desk:
    """Shows the page of an act to an actor and sends it back, as a browser would."""

    actor: Actor = ANA
    form: type[Form] = Purchase
    binding: bool = False
    draft: str = ""
    refuse: Exception | None = None
    bought: list[Any] = field(default_factory=list)

    def act(self, data: dict[str, Any], actor: Actor) -> str:
        self.bought.append((data, actor))
        if self.refuse:
            raise self.refuse
        return str(data.get("title"))

    def request(self, method: str, data: Any = None, path: str = "/comprar/") -> Any:
        request = getattr(RequestFactory(), method)(path, data or {})
        request.actor, request.id, request.received_at = self.actor, "PL-1", clock.now()
        request.session = SessionStore()
        request._messages = FallbackStorage(request)
        return request

    def answer(self, request: Any) -> HttpResponse:
        return perform(
            request,
            page="web/act.html",
            form=self.form,
            context={"title": "Buy"},
            act=self.act,
            done=lambda result: ("/hecho/", f"Bought {result}"),
            binding=self.binding,
            draft=self.draft,
        )

    def shown(self) -> str:
        return self.answer(self.request("get")).content.decode()

    def sent(self, **data: Any) -> HttpResponse:
        return self.answer(self.request("post", data))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The words of the code itself, whether or not a catalogue is compiled."""
    with translation.override("en"):
        yield


@pytest.fixture
def desk() -> Desk:
    return Desk()
