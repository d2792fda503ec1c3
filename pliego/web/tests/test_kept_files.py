"""A file that came with a form that was refused is kept and offered again, so that it need not be sent twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from pliego.kernel.objections import Objection, Refused

KEPT: list[tuple[int, str, bytes, str]] = []


def keep(*, user_id, file, purpose, at):
    if file.name.endswith(".exe"):
        raise Refused(Objection("not_accepted", "This kind of file is not accepted.", "file"))
    KEPT.append((user_id, file.name, file.read(), purpose))
    return f"up-{len(KEPT)}"


@pytest.fixture(autouse=True)
def _keeping():
    KEPT.clear()
    with override_settings(PLIEGO_KEEPING=f"{__name__}.keep"):
        yield


def pdf(name="anexo.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 the annex")


@pytest.mark.django_db
class TestKeptFiles:
    def test_keep_the_file_of_a_form_with_an_error_and_offer_it_again(self, desk):
        page = desk.sent(title="", document=pdf())

        assert page.status_code == 422
        assert KEPT == [(1, "anexo.pdf", b"%PDF-1.7 the annex", "other")]
        assert 'name="document-carga" value="up-1"' in page.content.decode()
        assert "The file that you sent, anexo.pdf, is kept." in page.content.decode()

    def test_keep_the_file_of_an_act_that_was_refused(self, desk):
        desk.refuse = Refused(Objection("late", "Too late."))
        page = desk.sent(title="Chairs", document=pdf())

        assert page.status_code == 422
        assert len(KEPT) == 1

    def test_take_the_kept_file_when_the_form_comes_back(self, desk):
        desk.sent(title="", document=pdf())
        done = desk.sent(**{"title": "Chairs", "document-carga": "up-1"})

        assert done.status_code == 303
        assert desk.bought[0][0]["document"].upload_id == "up-1"

    def test_say_at_the_field_why_a_file_cannot_be_kept(self, desk):
        page = desk.sent(title="", document=pdf("virus.exe")).content.decode()

        assert "This kind of file is not accepted." in page
        assert "document-carga" not in re.sub(r'<pl-upload name="document-carga"', "", page)

    def test_keep_nothing_when_the_form_was_good_or_nobody_signed_in(self, desk):
        desk.sent(title="Chairs", document=pdf())
        assert KEPT == []

        from pliego.kernel.actors import ANYONE

        desk.actor = ANYONE
        desk.sent(title="", document=pdf())
        assert KEPT == []
