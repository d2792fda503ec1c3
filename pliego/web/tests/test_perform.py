import datetime as dt
import re
import sys
from decimal import Decimal

import pytest
from django import forms

from pliego.kernel.actors import Signature
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.identifiers import Nit
from pliego.kernel.objections import Denied, Objection, Refused
from pliego.web.forms import Form

pytestmark = pytest.mark.django_db


class TestPerform:
    def test_shows_the_form_with_its_hints_and_optional_marks(self, desk):
        page = desk.shown()

        assert 'id="id_title_helptext"' in page
        assert 'aria-describedby="id_title_helptext"' in page
        assert page.count("pl-optional") == 8  # every field but the title, and never the lone checkbox

    def test_acts_with_what_was_read_and_redirects_with_303(self, desk):
        answer = desk.sent(
            title="Chairs",
            price="$ 4.120.000,50",
            nit="900.123.456-8",
            due="21/11/2026",
            closes_at="2026-11-21 3:00 p. m.",
            places=["05"],
        )

        assert (answer.status_code, answer["Location"]) == (303, "/hecho/")
        data, actor = desk.bought[0]
        assert (data["price"], data["nit"], data["due"]) == (
            Decimal("4120000.50"),
            Nit("900123456", 8),
            dt.date(2026, 11, 21),
        )
        assert data["closes_at"] == dt.datetime(2026, 11, 21, 15, 0, tzinfo=BOGOTA)
        assert actor == desk.actor

    def test_keeps_what_was_typed_and_says_all_that_is_wrong(self, desk):
        answer = desk.sent(title="", price="a lot", nit="123", due="yesterday", kind="works", terms="Delivery in Soto")
        page = answer.content.decode()

        assert (answer.status_code, desk.bought) == (422, [])
        assert page.count("govuk-error-message") == 4
        assert ">Fill in “Title”.</a>" in page
        assert 'value="a lot"' in page
        assert 'value="yesterday"' in page
        assert "Delivery in Soto</textarea>" in page
        assert re.search(r'<input type="radio" name="kind" value="works"[^>]* checked', page)
        assert '<a href="#id_price">' in page
        assert 'aria-describedby="id_title_helptext id_title_error"' in page
        assert "<title>Error:" in page

    def test_refuses_a_field_that_the_form_does_not_have(self, desk):
        answer = desk.sent(title="Chairs", state="published")

        assert (answer.status_code, desk.bought) == (422, [])
        assert "does not have: state" in answer.content.decode()

    def test_shows_every_objection_of_the_service_at_its_field(self, desk):
        desk.refuse = Refused(
            Objection("too_soon", "Too soon.", "due", "Decreto 1082 de 2015, art. 1"), Objection("no_plan", "No plan.")
        )

        page = desk.sent(title="Chairs", due="1/1/2026").content.decode()

        assert '<a href="#id_due">Too soon. (Decreto 1082 de 2015, art. 1)</a>' in page
        assert "<li>No plan.</li>" in page
        assert 'value="1/1/2026"' in page

    def test_lets_a_denial_through_to_the_page_of_denials(self, desk):
        desk.refuse = Denied("Not you.")

        with pytest.raises(Denied):
            desk.sent(title="Chairs")

    def test_acts_once_when_the_same_page_is_sent_twice(self, desk):
        first = desk.sent(title="Chairs", una_vez="a" * 32)
        second = desk.sent(title="Chairs", una_vez="a" * 32)

        assert len(desk.bought) == 1
        assert (first["Location"], second.status_code, second["Location"]) == ("/hecho/", 303, "/hecho/")

    def test_may_be_sent_again_after_a_refusal(self, desk):
        desk.refuse = Refused(Objection("no_plan", "No plan."))
        desk.sent(title="Chairs", una_vez="b" * 32)
        desk.refuse = None

        answer = desk.sent(title="Chairs", una_vez="b" * 32)

        assert (answer.status_code, len(desk.bought)) == (303, 2)


def sign(request, data):
    if data.get("password") != "right":
        raise Refused(Objection("wrong_password", "The password is wrong.", "password"))
    return Signature("totp", dt.datetime(2026, 3, 2, tzinfo=BOGOTA))


class TestABindingAct:
    @pytest.fixture(autouse=True)
    def _binding(self, desk, settings):
        settings.PLIEGO_SIGNING = f"{__name__}.sign"
        desk.binding = True

    @pytest.fixture(autouse=True)
    def _importable(self, monkeypatch):
        monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or type(sys)(__name__))
        monkeypatch.setattr(sys.modules[__name__], "sign", sign, raising=False)

    def test_asks_for_the_second_factor(self, desk):
        page = desk.shown()

        assert 'name="firma-password"' in page
        assert 'name="firma-code"' in page
        assert 'name="firma-demo"' in page

    def test_offers_no_practice_signature_in_production(self, desk, settings):
        settings.PLIEGO_PRACTICE = False

        assert 'name="firma-demo"' not in desk.shown()

    def test_offers_it_only_to_sessions_that_a_practice_link_opened(self, desk, monkeypatch):
        monkeypatch.setattr(sys.modules[__name__], "is_practice_session", lambda request: False, raising=False)

        assert 'name="firma-demo"' not in desk.shown()

    def test_does_not_ask_again_within_the_minutes_of_a_step_up(self, desk, monkeypatch):
        monkeypatch.setattr(sys.modules[__name__], "signs_alone", lambda request: True, raising=False)

        assert 'name="firma-password"' not in desk.shown()

    def test_gives_the_service_an_actor_with_the_signature(self, desk):
        desk.sent(title="Chairs", **{"firma-password": "right", "firma-code": "123456"})

        assert desk.bought[0][1].signature.method == "totp"

    def test_shows_a_refused_signature_at_its_field_and_does_not_act(self, desk):
        answer = desk.sent(title="Chairs", **{"firma-password": "wrong"})
        page = answer.content.decode()

        assert (answer.status_code, desk.bought) == (422, [])
        assert '<a href="#id_firma-password">The password is wrong.</a>' in page
        assert 'value="wrong"' not in page
        assert 'value="Chairs"' in page


class Pair(Form):
    left = forms.CharField(label="Left", required=False)
    right = forms.CharField(label="Right", required=False)


class TestTheSummaryOfErrors:
    def test_says_of_which_field_each_of_two_alike_sentences_is(self):
        form = Pair({})
        assert form.is_valid()

        form.object_to([Objection("none", "Choose one.", "left"), Objection("none", "Choose one.", "right")])

        assert form.summary == [("id_left", "Left: Choose one."), ("id_right", "Right: Choose one.")]
