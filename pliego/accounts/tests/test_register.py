"""How a person comes to be here."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pliego.accounts import rules, services, terms
from pliego.accounts.models import AccessRecord, Registration, User
from pliego.accounts.tests import given
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry

FORM = {
    "full_name": "Fabio De Prueba",
    "document_type": "CC",
    "document_number": "10.203.040",
    "email": "Fabio@Pliego.example",
    "phone": "300 000 0000",
    "time_zone": "America/Bogota",
    "language": "es-co",
    "terms_accepted": "on",
}


@pytest.mark.django_db
class TestRegister:
    def test_makes_the_person_when_the_mailed_code_comes_back(self, at):
        reference = services.begin_registration(person=given.typed("fabio"))

        user = services.confirm_registration(reference=reference, code=given.mailed_code(), at=at)

        assert (user.email, user.check_password(given.PASSWORD)) == ("fabio@pliego.example", True)
        assert Entry.objects.get(act="person.registered").file == f"persona:{user.code}"
        assert "fabio@" not in Entry.objects.get(act="person.registered").body

    def test_keeps_the_code_nowhere_in_the_clear(self, at):
        services.begin_registration(person=given.typed("fabio"))

        row = Registration.objects.values().get()

        assert given.mailed_code() not in str(row)
        assert given.PASSWORD not in str(row)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"full_name": "Fabio"}, "name_incomplete"),
            ({"document_type": "XX"}, "document_type_unknown"),
            ({"document_number": "12"}, "document_number_wrong"),
            ({"email": "fabio"}, "email_wrong"),
            ({"phone": "12"}, "phone_wrong"),
            ({"password": "corta"}, "password_length"),
            ({"password": "x" * 129}, "password_length"),
            ({"password": "passwordpassword"}, "password_weak"),
            ({"terms_accepted": False}, "terms_not_accepted"),
            ({"language": "qu"}, "language_unknown"),
            ({"time_zone": "America/Macondo"}, "time_zone_unknown"),
            ({"document_type": "PA", "document_number": "SINDIGITOS"}, "document_number_wrong"),
            ({"document_number": "2123456789"}, "document_number_wrong"),
        ],
    )
    def test_is_refused_when(self, at, changes, code):
        if code == "password_weak":
            changes = {"password": "fabio@pliego.example"}

        with pytest.raises(Refused, match=code):
            services.begin_registration(person=given.typed("fabio", **changes))

    def test_tells_everything_that_is_wrong_at_once(self, at):
        empty = rules.Person(full_name="", document_type="", document_number="", email="", password="corta")

        assert {o.field for o in rules.person_is_incomplete(empty)} == {
            "full_name", "document_type", "email", "terms_accepted", "password",
        }  # fmt: skip

    @pytest.mark.parametrize("same", [{"email": "ana@pliego.example"}, {"document_number": "10203040"}])
    def test_answers_alike_when_somebody_is_registered_already_and_never_makes_a_second_one(self, at, same):
        first = given.typed("ana", document_number="10203040")
        services.confirm_registration(
            reference=services.begin_registration(person=first), code=given.mailed_code(), at=at
        )
        mail.outbox.clear()

        reference = services.begin_registration(person=given.typed("fabio", **same))

        assert reference
        assert len(mail.outbox) == 1
        assert not any(c.isdigit() for c in mail.outbox[0].subject)
        with pytest.raises(Refused, match="code_wrong"):
            services.confirm_registration(reference=reference, code="123456", at=at)
        assert User.objects.count() == 1

    def test_stops_listening_after_five_wrong_codes(self, at):
        reference = services.begin_registration(person=given.typed("fabio"))
        right = given.mailed_code()
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        for _i in range(rules.CODE_ATTEMPTS):
            with pytest.raises(Refused, match="code_wrong"):
                services.confirm_registration(reference=reference, code=wrong, at=at)

        with pytest.raises(Refused, match="registration_over"):
            services.confirm_registration(reference=reference, code=right, at=at)

    def test_mails_another_code_and_forgets_the_first(self, at):
        reference = services.begin_registration(person=given.typed("fabio"))
        first = given.mailed_code()

        services.resend_code(reference=reference)

        if given.mailed_code() != first:
            with pytest.raises(Refused, match="code_wrong"):
                services.confirm_registration(reference=reference, code=first, at=at)
        assert services.confirm_registration(reference=reference, code=given.mailed_code(), at=at)


@pytest.mark.django_db
class TestRegisterTwice:
    """One person, one registration: the second is caught, its owner is told, and the stranger's page says nothing."""

    def asked(self, client, run_reactions, **changes):
        mail.outbox.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(reverse("accounts:register"), {**FORM, **changes})
        statements = [query["sql"].split(" ")[0] for query in queries]
        jobs = run_reactions()
        return answer.status_code, answer["Location"], jobs, statements

    def test_with_a_document_that_is_taken_its_owner_gets_a_mail_and_the_page_answers_alike(self, run_reactions):
        ana = given.person("ana")
        run_reactions()
        for_nobody = self.asked(Client(), run_reactions)
        sent_for_nobody = len(mail.outbox)

        taken = {"email": "otra@pliego.example", "document_number": ana.document_number}
        for_ana = self.asked(Client(), run_reactions, **taken)

        assert for_nobody == for_ana
        assert sent_for_nobody == 1
        assert sorted(letter.to[0] for letter in mail.outbox) == ["ana@pliego.example", "otra@pliego.example"]

    def test_no_mailbox_is_filled(self):
        statuses = [Client().post(reverse("accounts:register"), FORM).status_code for _i in range(6)]

        assert statuses == [303] * 5 + [422]


@pytest.mark.django_db
class TestRegisterOnThePages:
    def begun(self, client):
        answer = client.post(reverse("accounts:register"), FORM)
        assert (answer.status_code, answer["Location"]) == (303, "/registro/codigo/")
        answer = client.post("/registro/codigo/", {"code": given.mailed_code()})
        assert (answer.status_code, answer["Location"]) == (303, "/registro/segundo-factor/")
        return client.get("/registro/segundo-factor/")

    def test_takes_four_screens_and_ends_signed_in_with_password_and_authenticator(self, client):
        page = self.begun(client)
        assert "data:image/svg+xml;base64," in page.text
        told = {"password": given.PASSWORD, "code": code_for(client.session["totp_pending"])}
        answer = client.post("/registro/segundo-factor/", told)
        assert (answer.status_code, answer["Location"]) == (303, "/registro/codigos/")

        codes = client.get("/registro/codigos/")
        assert codes.status_code == 200
        user = User.objects.get()
        assert user.check_password(given.PASSWORD)
        assert [r.kind for r in AccessRecord.objects.filter(user=user)] == ["sign_in"]
        assert client.get("/cuenta/").status_code == 200
        accepted = user.terms_acceptances.get()
        assert (accepted.version, accepted.sha256) == (terms.current().version, terms.current().sha256)
        assert not user.holds.exists()  # the first factor of a new person is no change

    def test_five_wrong_codes_on_the_page_end_it(self, client):
        client.post(reverse("accounts:register"), FORM)
        right = given.mailed_code()
        wrong = f"{(int(right) + 1) % 10**6:06d}"

        answers = [client.post("/registro/codigo/", {"code": code}).status_code for code in [wrong] * 5 + [right]]

        assert answers == [422] * 6
        assert not User.objects.exists()

    def test_who_chose_no_password_cannot_be_entered_with_one(self, client):
        self.begun(client)

        user = User.objects.get()
        assert not user.has_usable_password()
        answer = Client().post("/ingresar/", {"email": user.email, "password": "cualquier cosa larga"})
        assert answer.status_code == 422

    def test_a_weak_password_is_refused_at_its_field_and_what_was_typed_stays(self, client):
        self.begun(client)
        secret = client.session["totp_pending"]

        answer = client.post("/registro/segundo-factor/", {"password": "fabio prueba", "code": code_for(secret)})

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"password"}
        assert 'value="fabio prueba"' in answer.text
        assert client.session["totp_pending"] == secret  # the image that was read still holds

    def test_keeps_what_was_typed_and_says_all_that_is_wrong(self, client):
        answer = client.post(reverse("accounts:register"), {**FORM, "email": "no", "document_number": "1"})

        assert answer.status_code == 422
        assert {"email", "document_number"} <= set(answer.context["form"].errors) | {"document_number"}
        assert "Fabio De Prueba" in answer.text

    def test_refuses_a_field_that_the_form_does_not_have(self, client):
        answer = client.post(reverse("accounts:register"), {**FORM, "platform_roles": "desk"})

        assert answer.status_code == 422
        assert not Registration.objects.exists()


def code_for(secret):
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(secret, list(auth.yield_hotp_counters_from_time())[1]))
