import pytest

from pliego.documents import services
from pliego.documents.models import Document
from pliego.documents.states import SCAN
from pliego.documents.tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(ana, at):
    return given.document(actor=ana, text="público", name="Señal ñ.pdf", audience="public")


class TestDownload:
    def test_is_an_attachment_that_cannot_act_in_our_name(self, client, public):
        answer = client.get(f"/documentos/{public.code}/")

        assert b"".join(answer.streaming_content) == given.pdf("público")
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Se%C3%B1al%20%C3%B1.pdf"
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["ETag"] == f'"{public.sha256}"'
        assert answer["Content-Type"] == "application/pdf"

    def test_serves_a_part(self, client, public):
        answer = client.get(f"/documentos/{public.code}/", HTTP_RANGE="bytes=5-9")

        assert (answer.status_code, b"".join(answer.streaming_content)) == (206, given.pdf("público")[5:10])
        assert answer["Content-Range"] == f"bytes 5-9/{public.size}"

    def test_serves_the_end(self, client, public):
        answer = client.get(f"/documentos/{public.code}/", HTTP_RANGE="bytes=-6")

        assert b"".join(answer.streaming_content) == given.pdf("público")[-6:]

    def test_refuses_a_part_beyond_the_end(self, client, public):
        answer = client.get(f"/documentos/{public.code}/", HTTP_RANGE=f"bytes={public.size}-")

        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{public.size}")

    @pytest.mark.parametrize("header", ["bytes=9-5", "bytes=0-1,3-4", "items=0-1", "bytes=-"])
    def test_serves_the_whole_for_a_part_it_does_not_understand(self, client, public, header):
        answer = client.get(f"/documentos/{public.code}/", HTTP_RANGE=header)

        assert (answer.status_code, answer["Content-Length"]) == (200, str(public.size))

    def test_serves_the_whole_when_the_reader_had_other_bytes(self, client, public):
        answer = client.get(f"/documentos/{public.code}/", HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"otro"')

        assert answer.status_code == 200

    def test_sends_nothing_again_that_the_reader_has(self, client, public):
        answer = client.get(f"/documentos/{public.code}/", HTTP_IF_NONE_MATCH=f'"{public.sha256}"')

        assert answer.status_code == 304

    def test_does_not_exist_for_who_may_not_read_it(self, client, ana, at):
        hidden = given.document(actor=ana, audience="account")

        assert client.get(f"/documentos/{hidden.code}/").status_code == 404
        assert client.get(f"/documentos/{hidden.code}/ficha/").status_code == 404
        assert client.get(f"/api/v1/documents/{hidden.code}").status_code == 404

    def test_is_denied_in_quarantine_and_says_why(self, client, public, at):
        SCAN.fire(public, "quarantine", at=at)
        public.save(update_fields=["scan"])

        assert client.get(f"/documentos/{public.code}/").status_code == 403
        assert client.get(f"/documentos/{public.code}/ficha/").status_code == 200


class TestCard:
    def test_shows_the_hash(self, client, public):
        answer = client.get(f"/documentos/{public.code}/ficha/")

        assert public.sha256 in answer.content.decode()

    def test_is_the_same_over_the_api_without_who_uploaded_it(self, client, public):
        answer = client.get(f"/api/v1/documents/{public.code}").json()

        assert (answer["sha256"], answer["kind"]) == (public.sha256, "tender_document")
        assert not {"uploaded_by", "uploaded_by_id", "account_id"} & answer.keys()


class TestTypes:
    def test_tell_the_browser_what_it_may_send(self, client):
        answer = client.get("/documentos/tipos.json").json()

        assert answer["max_bytes"] == 200 * 2**20
        assert answer["kinds"]["invoice"]["accept"] == ".pdf,.xml,.zip"
        assert answer["types"]["pdf"]["magic"] == ["255044462d"]
        assert "receipt" not in answer["kinds"]


def test_a_grant_can_be_repeated(ana, at):
    document = given.document(actor=ana, audience="participants")

    for _again in range(2):
        services.grant(document=document, account_ids=[7, 8], at=at)

    assert Document.objects.get().grants.count() == 2
