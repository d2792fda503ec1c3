"""How a person comes to be here."""

import re
from difflib import unified_diff

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pliego.accounts import closing, factors, merging, queries, rules, services, terms
from pliego.accounts.models import AccessRecord, Registration, User
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.actors import Signature
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

    def test_answers_alike_when_the_address_is_registered_already_and_never_makes_a_second_one(self, at):
        first = given.typed("ana", document_number="10203040")
        services.confirm_registration(
            reference=services.begin_registration(person=first), code=given.mailed_code(), at=at
        )
        mail.outbox.clear()

        reference = services.begin_registration(person=given.typed("fabio", email="ana@pliego.example"))

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

    def test_with_a_document_that_is_taken_its_owner_gets_a_mail_and_the_page_answers_alike(self, at, run_reactions):
        ana = given.person("ana")
        run_reactions()
        for_nobody = self.asked(Client(), run_reactions)
        sent_for_nobody = len(mail.outbox)

        taken = {"email": "otra@pliego.example", "document_number": ana.document_number}
        for_ana = self.asked(Client(), run_reactions, **taken)

        assert for_nobody == for_ana
        assert sent_for_nobody == 1
        assert sorted(letter.to[0] for letter in mail.outbox) == ["ana@pliego.example", "otra@pliego.example"]

    def walked(self, document_number, email, run_reactions):
        """Every page of a registration from the first to the codes: its bytes and its statements."""
        browser, seen = Client(), []
        mail.outbox.clear()
        with CaptureQueriesContext(connection) as queries:
            seen.append(browser.post("/registro/", {**FORM, "document_number": document_number, "email": email}))
            seen.append(browser.get("/registro/codigo/"))
            code = [letter for letter in mail.outbox if letter.to == [email]][-1].subject.split(" ")[0]
            seen.append(browser.post("/registro/codigo/", {"code": code}))
            seen.append(browser.get("/registro/segundo-factor/"))
            secret = browser.session["totp_pending"]
            told = {"password": given.PASSWORD, "code": code_for(secret)}
            seen.append(browser.post("/registro/segundo-factor/", told))
            seen.append(browser.get("/registro/codigos/"))
        statements = [
            re.sub(r"'[^']*'|\d+|\btrue\b|\bfalse\b", "?", query["sql"]).split(" WHERE ")[0] for query in queries
        ]
        pages = [(page.status_code, page.headers.get("Location"), self.plain(page)) for page in seen]
        return browser, pages, statements

    def plain(self, page):
        """The page without what is random in every one: tokens, secrets, codes, images."""
        text = re.sub(r'value="[^"]*"|base64,[^"]*|<li[^>]*>[^<]*</li>|PL-\w+|\d{1,2}:\d{2}(:\d{2})?', "", page.text)
        return re.sub(r"[0-9a-f]{8,}|[A-Z2-7]{4}( [A-Z2-7]{4})+", "", text)

    def test_a_document_that_is_taken_shows_on_no_page_and_its_applicant_and_owner_are_told_by_mail(
        self, at, run_reactions
    ):
        ana = given.person("ana")
        self.walked("10.203.041", "templado@pliego.example", run_reactions)  # what the first of all makes ready
        run_reactions()
        _free, free_pages, free_statements = self.walked("10.203.042", "libre@pliego.example", run_reactions)
        run_reactions()
        browser, pages, statements = self.walked(ana.document_number, "tomado@pliego.example", run_reactions)

        for mine, theirs in zip(pages, free_pages, strict=True):
            assert list(unified_diff(mine[2].splitlines(), theirs[2].splitlines(), n=0)) == []
        assert pages == free_pages
        assert statements == free_statements
        run_reactions()
        claim = User.objects.get(email="tomado@pliego.example")
        assert claim.is_claim
        told = [(letter.to[0], letter.body) for letter in mail.outbox]
        assert any("/cuenta/prueba-de-identidad/" in body for to, body in told if to == claim.email)
        assert any("no-fui-yo" in body for to, body in told if to == ana.email)
        assert browser.get("/cuenta/").status_code == 200

    def claim(self, run_reactions):
        given.person("ana")
        made = services.confirm_registration(
            reference=services.begin_registration(
                person=given.typed("fabio", document_number=given.typed("ana").document_number)
            ),
            code=given.mailed_code(),
            at=clock.now(),
        )
        factors.totp.TOTP.activate(made, factors.new_secret())
        run_reactions()
        return made

    def test_a_claim_reads_proves_and_does_nothing_else(self, client_for, run_reactions):
        made = self.claim(run_reactions)
        mine = client_for(made)

        assert services.as_actor(made).suspension
        assert mine.post("/acceso/", {}).status_code == 403
        sent = mine.post(
            "/cuenta/prueba-de-identidad/",
            {"reason": "Me registré antes con otro correo.", "evidence": given.paper().file},
        )
        assert sent.status_code == 303
        desk = given.of_the_desk("ines")
        assert made.full_name in [task.subject for task in queries.tasks_for(desk, clock.now())]
        page = client_for(User.objects.get(email="ines@pliego.example")).get(f"/mesa/personas/{made.code}/")
        assert "prueba.pdf" in page.text
        assert User.objects.get(email="ana@pliego.example").code in page.text
        assert mine.get(f"/mesa/personas/{made.code}/").status_code == 403

    def test_nobody_else_has_that_page(self, client_for, run_reactions):
        self.claim(run_reactions)

        assert client_for(given.person("ana")).get("/cuenta/prueba-de-identidad/").status_code == 404

    def test_two_of_one_document_are_refused_by_the_database(self, run_reactions):
        made = self.claim(run_reactions)

        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=made.pk).update(is_claim=False)

    def test_the_desk_merges_both_and_the_one_that_is_kept_has_the_document(self, run_reactions):
        made, ana = self.claim(run_reactions), User.objects.get(email="ana@pliego.example")
        opener, *approvers = [given.of_the_desk(name) for name in ("ines", "irma", "ivan")]
        told = {"registration": made.code, "duplicate": ana.code, "reason": "Es la misma persona: cédula y video."}
        merger = merging.open_merger(actor=opener, files=[given.paper()], at=clock.now(), **told)
        for approver in approvers:
            merging.approve(actor=approver, code=merger.code, at=clock.now())

        made.refresh_from_db()
        ana.refresh_from_db()
        assert (made.is_claim, ana.is_claim, ana.is_active) == (False, True, False)
        assert services.as_actor(made).suspension == ""

    def test_who_typed_it_wrong_closes_it_and_registers_again_with_the_same_address(self, run_reactions):
        made = self.claim(run_reactions)
        signed = services.as_actor(made).with_signature(Signature("totp", clock.now(), {}))

        closing.close(actor=signed, at=clock.now())
        again = services.begin_registration(person=given.typed("fabio"))

        user = services.confirm_registration(reference=again, code=given.mailed_code(), at=clock.now())
        assert not user.is_claim

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
