"""The tus conversation, on the async road and on the plain one."""

import asyncio
import base64
import hashlib
import json
import tracemalloc
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile

from pliego.documents import receiving, services, uploads
from pliego.documents.models import Upload
from pliego.documents.tests import given
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Refused
from pliego.web.fields import Upload as FormUpload

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = given.pdf("x" * 5000)
SIZE = len(CONTENT)


@pytest.fixture
def carla():
    return get_user_model().objects.create(
        code="US-CARLA", email="carla@ferreteria.example", full_name="Carla", document_number="1001"
    )


@pytest.fixture
def dario():
    return get_user_model().objects.create(
        code="US-DARIO", email="dario@papeles.example", full_name="Dario", document_number="1002"
    )


class Browser:
    """What a tus client in a browser sends, straight to the async application."""

    def __init__(self, user=None, origin="http://testserver"):
        self.cookie, self.origin = "", origin
        if user is not None:
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            self.cookie = f"{django_settings.SESSION_COOKIE_NAME}={session.session_key}"

    def ask(self, method, path, parts=(b"",), cut=False, **headers):
        told = {"host": "testserver", "tus-resumable": "1.0.0", "origin": self.origin, "cookie": self.cookie}
        told |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(name.encode(), value.encode()) for name, value in told.items() if value],
            "server": ("testserver", 80),
        }
        stream = iter(parts)
        ahead = [next(stream, b"")]
        sent = []

        async def receive():
            if not ahead:
                return {"type": "http.disconnect"}
            body = ahead.pop()
            following = next(stream, None)
            if following is not None:
                ahead.append(following)
            return {"type": "http.request", "body": body, "more_body": bool(ahead) or cut}

        async def send(message):
            sent.append(message)

        asyncio.run(uploads.upload_app(scope, receive, send))
        self.body = sent[1]["body"]
        return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}

    def create(self, size=SIZE, name="factura.pdf", purpose="invoice"):
        based = {key: base64.b64encode(value.encode()).decode() for key, value in (("f", name), ("p", purpose))}
        metadata = f"filename {based['f']},purpose {based['p']}"
        return self.ask("POST", "/cargas/", upload_length=size, upload_metadata=metadata)

    def patch(self, place, content, offset=0, **more):
        parts = content if isinstance(content, (list, tuple)) or not isinstance(content, bytes) else (content,)
        kind = "application/offset+octet-stream"
        return self.ask("PATCH", place, parts, content_type=kind, upload_offset=offset, **more)

    def codes(self):
        return {error["code"] for error in json.loads(self.body)["errors"]}


class TestAsyncUploads:
    def test_take_a_whole_file(self, carla):
        browser = Browser(carla)
        status, headers = browser.create()
        assert status == 201

        status, answer = browser.patch(headers["location"], CONTENT)

        assert (status, answer["upload-offset"]) == (204, str(len(CONTENT)))
        assert answer["upload-sha256"] == hashlib.sha256(CONTENT).hexdigest()
        upload = Upload.objects.get()
        assert (upload.state, upload.user_id, upload.purpose) == ("complete", carla.pk, "invoice")

    def test_go_on_after_a_cut_and_a_restart(self, carla):
        browser = Browser(carla)
        _status, headers = browser.create()
        browser.patch(headers["location"], (CONTENT[:100], CONTENT[100:300]), cut=True)
        receiving._hashes.clear()  # what a restart forgets
        _status, standing = browser.ask("HEAD", headers["location"])
        assert standing["upload-offset"] == "300"

        status, answer = browser.patch(headers["location"], CONTENT[300:], offset=300)

        assert (status, answer["upload-sha256"]) == (204, hashlib.sha256(CONTENT).hexdigest())

    def test_forget_bytes_that_were_never_acknowledged(self, carla):
        browser = Browser(carla)
        _status, headers = browser.create()
        browser.patch(headers["location"], CONTENT[:100], cut=True)
        with receiving.path_of(Upload.objects.get()).open("ab") as file:
            file.write(b"escrito justo antes de caer")
        receiving._hashes.clear()

        _status, answer = browser.patch(headers["location"], CONTENT[100:], offset=100)

        assert answer["upload-sha256"] == hashlib.sha256(CONTENT).hexdigest()

    def test_answer_409_and_the_place_to_a_wrong_offset(self, carla):
        browser = Browser(carla)
        _status, headers = browser.create()

        status, answer = browser.patch(headers["location"], CONTENT[5:], offset=5)

        assert (status, answer["upload-offset"]) == (409, "0")

    def test_let_one_connection_write_at_a_time(self, carla, at):
        browser = Browser(carla)
        _status, headers = browser.create()
        with receiving.Writer(Upload.objects.get(), 0, at=at):
            status, _answer = browser.patch(headers["location"], CONTENT)

        assert status == 423

    def test_refuse_a_stretch_whose_checksum_is_another(self, carla):
        browser = Browser(carla)
        _status, headers = browser.create()
        wrong = "sha256 " + base64.b64encode(hashlib.sha256(b"otra").digest()).decode()
        status, _answer = browser.patch(headers["location"], CONTENT[:50], upload_checksum=wrong)
        assert status == 460

        right = "sha256 " + base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
        status, answer = browser.patch(headers["location"], CONTENT, upload_checksum=right)

        assert (status, answer["upload-sha256"]) == (204, hashlib.sha256(CONTENT).hexdigest())

    def test_refuse_before_any_byte_what_is_too_large_or_over_the_quota(self, carla, settings):
        settings.PLIEGO_MAX_FILE_BYTES, settings.PLIEGO_UPLOAD_QUOTA_BYTES = 1000, 1500
        browser = Browser(carla)

        assert browser.create(size=1001)[0] == 413
        assert browser.codes() == {"file_too_large"}
        assert browser.create(size=900)[0] == 201
        assert browser.create(size=900)[0] == 413
        assert browser.codes() == {"over_quota"}

    def test_refuse_more_bytes_than_were_announced(self, carla):
        browser = Browser(carla)
        _status, headers = browser.create(size=10)

        status, _answer = browser.patch(headers["location"], b"x" * 11)

        assert status == 413
        assert Upload.objects.get().state == "receiving"

    def test_refuse_at_the_end_a_file_that_may_not_enter(self, carla):
        browser = Browser(carla)
        program = b"MZ\x90\0" * 10
        _status, headers = browser.create(size=len(program))

        status, _answer = browser.patch(headers["location"], program)

        assert (status, browser.codes()) == (422, {"wrong_type"})
        assert Upload.objects.get().state == "discarded"
        assert not receiving.path_of(Upload.objects.get()).exists()

    def test_do_not_exist_for_another_person(self, carla, dario):
        _status, headers = Browser(carla).create()

        assert Browser(dario).ask("HEAD", headers["location"])[0] == 404
        assert Browser(dario).patch(headers["location"], CONTENT)[0] == 404
        assert Browser(dario).ask("DELETE", headers["location"])[0] == 404

    def test_ask_who_has_no_session_to_sign_in(self):
        assert Browser().create()[0] == 401

    @pytest.mark.parametrize("origin", ["https://otro.example", "null", ""])
    def test_refuse_what_comes_from_another_site(self, carla, origin):
        assert Browser(carla, origin=origin).create()[0] == 403

    def test_refuse_what_the_browser_says_crosses_sites(self, carla):
        status, _headers = Browser(carla).ask("POST", "/cargas/", upload_length=5, sec_fetch_site="cross-site")

        assert status == 403

    def test_refuse_another_version_of_the_protocol(self, carla):
        assert Browser(carla).ask("POST", "/cargas/", tus_resumable="0.2.2")[0] == 412

    def test_refuse_another_host(self, carla):
        assert Browser(carla).ask("OPTIONS", "/cargas/", host="otro.example")[0] == 400

    def test_say_what_they_can_do(self):
        status, headers = Browser().ask("OPTIONS", "/cargas/")

        assert (status, headers["tus-version"]) == (204, "1.0.0")
        assert set(headers["tus-extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}

    def test_are_gone_after_48_hours(self, carla, at):
        browser = Browser(carla)
        _status, headers = browser.create()

        with clock.fixed(at + timedelta(hours=48)):
            assert browser.ask("HEAD", headers["location"])[0] == 410
            assert receiving.sweep(at=clock.now()) == 1

    def test_can_be_given_up(self, carla):
        browser = Browser(carla)
        _status, headers = browser.create()

        assert browser.ask("DELETE", headers["location"])[0] == 204
        assert browser.ask("HEAD", headers["location"])[0] == 410

    def test_take_a_large_file_in_bounded_memory(self, carla, settings):
        browser = Browser(carla)
        line = b"nombre;valor\n" * 5042  # about 64 KiB
        size = len(line) * 1500
        _status, headers = browser.create(size=size, name="datos.csv", purpose="other")
        tracemalloc.start()

        status, _answer = browser.patch(headers["location"], (line for _n in range(1500)))

        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{size >> 20} MiB received with a peak of {peak >> 20} MiB")  # noqa: T201
        assert (status, Upload.objects.get().state) == (204, "complete")
        assert peak < 16 << 20


class TestPlainUploads:
    def test_hold_the_same_conversation(self, carla, client_for):
        client = client_for(carla)
        ours = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_ORIGIN": "http://testserver"}
        created = client.post(
            "/cargas/",
            HTTP_UPLOAD_LENGTH=str(SIZE),
            HTTP_UPLOAD_METADATA="filename ZmFjdHVyYS5wZGY=,purpose aW52b2ljZQ==",
            **ours,
        )

        answer = client.patch(
            created["Location"],
            CONTENT,
            content_type="application/offset+octet-stream",
            HTTP_UPLOAD_OFFSET="0",
            **ours,
        )

        assert (created.status_code, answer.status_code) == (201, 204)
        assert answer["Upload-Sha256"] == hashlib.sha256(CONTENT).hexdigest()


def acting(user):
    return Actor(user_id=user.pk, user_code=user.code, name=user.full_name)


class TestKeptFilesOfForms:
    """What comes whole with a refused form waits as a finished upload of who sent it."""

    def test_become_a_document_when_the_form_comes_back(self, carla, at):
        file = SimpleUploadedFile("poliza.pdf", given.pdf("póliza"))
        code = receiving.keep(user_id=carla.pk, file=file, purpose="guarantee", at=at)
        document = services.take(
            actor=acting(carla),
            value=FormUpload(upload_id=code),
            kind="guarantee",
            file="ocds-pl1ego-PLG.EXP.1",
            audience="account",
            at=at,
        )

        assert (document.name, document.size) == ("poliza.pdf", len(given.pdf("póliza")))

    def test_are_refused_by_what_they_hold(self, carla, at):
        with pytest.raises(Refused):
            receiving.keep(
                user_id=carla.pk, file=SimpleUploadedFile("poliza.pdf", b"MZ" * 40), purpose="guarantee", at=at
            )
        assert not Upload.objects.filter(state="complete").exists()

    def test_belong_to_nobody_else(self, carla, dario, at):
        file = SimpleUploadedFile("poliza.pdf", given.pdf())
        code = receiving.keep(user_id=carla.pk, file=file, purpose="guarantee", at=at)

        with pytest.raises(Refused, match="upload_unknown"):
            services.from_upload(
                actor=acting(dario), upload_id=code, kind="guarantee", file="x", audience="account", at=at, field=""
            )
