import io

import pytest
from django.db import IntegrityError, transaction

from pliego.documents import blobs, kinds, receiving, services
from pliego.documents.models import Audience, Document, Upload
from pliego.documents.policy import POLICY, Act
from pliego.documents.tests import given
from pliego.kernel.actors import ANYONE, SYSTEM, Actor
from pliego.kernel.objections import Refused
from pliego.web.fields import Upload as FieldValue

pytestmark = pytest.mark.django_db


def finished_upload(user_id, content, at, name="factura.pdf", purpose="invoice"):
    upload = receiving.begin(user_id=user_id, name=name, size=len(content), purpose=purpose, at=at)
    with receiving.Writer(upload, 0, at=at) as writer:
        writer.write(content)
        return writer.finish()


class TestStore:
    def test_keeps_the_bytes_under_their_hash(self, ana, at):
        document = given.document(actor=ana, text="hola")

        with blobs.open(document.sha256) as file:
            assert file.read() == given.pdf("hola")
        assert (document.account_id, document.uploaded_by_id, document.media_type) == (11, 101, "application/pdf")

    def test_takes_off_the_name_what_could_deceive(self, ana, at):
        document = given.document(actor=ana, name="C:\\viejo\\ofer\u202eta.pdf")

        assert document.name == "oferta.pdf"

    def test_is_refused_for_what_the_list_does_not_have(self, ana, at):
        with pytest.raises(Refused, match="wrong_type"):
            services.store(
                actor=ana, content=io.BytesIO(b"MZ\x90"), name="a.exe", kind="other", file="f", audience="owner", at=at
            )

        assert not Document.objects.exists()

    def test_is_refused_above_the_limit(self, ana, at, settings):
        settings.PLIEGO_MAX_FILE_BYTES = 10

        with pytest.raises(Refused, match="file_too_large"):
            given.document(actor=ana)

    def test_is_refused_for_a_kind_that_does_not_exist(self, ana, at):
        with pytest.raises(Refused, match="unknown_kind"):
            given.document(actor=ana, kind="nada")

    @pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"name": "otro"}, {"file": "otro"}, {"size": 1}])
    def test_makes_something_that_the_database_does_not_let_change(self, ana, at, change):
        document = given.document(actor=ana)

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(**change)

    def test_makes_something_that_the_database_does_not_let_go(self, ana, at):
        document = given.document(actor=ana)

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            document.delete()


class TestFromUpload:
    def take(self, actor, upload, at, kind="invoice"):
        value = FieldValue(upload_id=upload.code)
        return services.take(actor=actor, value=value, kind=kind, file="f", audience="account", at=at)

    def test_makes_a_document_of_the_uploaded_bytes(self, carla, at):
        upload = finished_upload(carla.user_id, given.pdf("f1"), at)

        document = self.take(carla, upload, at)

        assert (document.sha256, document.name) == (upload.sha256, "factura.pdf")
        assert blobs.verify(document.sha256)
        assert Upload.objects.get().state == "used"

    def test_is_refused_the_second_time(self, carla, at):
        upload = finished_upload(carla.user_id, given.pdf(), at)
        self.take(carla, upload, at)

        with pytest.raises(Refused, match="wrong_state"):
            self.take(carla, upload, at)

    def test_is_refused_for_another_purpose(self, carla, at):
        upload = finished_upload(carla.user_id, given.pdf(), at)

        with pytest.raises(Refused, match="upload_of_another_purpose"):
            self.take(carla, upload, at, kind="guarantee")

    def test_does_not_exist_for_another_person(self, ana, carla, at):
        upload = finished_upload(carla.user_id, given.pdf(), at)

        with pytest.raises(Refused, match="upload_unknown"):
            self.take(ana, upload, at)

    def test_leaves_bytes_that_the_sweep_removes_later(self, carla, at):
        upload = finished_upload(carla.user_id, given.pdf(), at)
        document = self.take(carla, upload, at)

        receiving.sweep(at=at)

        assert not receiving.path_of(upload).exists()
        assert blobs.verify(document.sha256)


class TestVisibleTo:
    ROLES = frozenset({"bidder"})
    ACTORS = {
        "nobody": ANYONE,
        "owner": Actor(user_id=101, account_id=11, roles=ROLES),
        "colleague": Actor(user_id=109, account_id=11, roles=ROLES),
        "without a role": Actor(user_id=108, account_id=11),
        "owner elsewhere": Actor(user_id=101, account_id=19, roles=ROLES),
        "granted": Actor(user_id=102, account_id=12, roles=ROLES),
        "stranger": Actor(user_id=104, account_id=13, roles=ROLES),
        "buyer": Actor(user_id=106, account_id=14, roles=ROLES, is_buyer=True),
        "account without person": Actor(account_id=11, roles=ROLES),
        "desk": Actor(user_id=103, platform_roles=frozenset({"desk"})),
        "operator": Actor(user_id=105, platform_roles=frozenset({"operator"})),
        "system": SYSTEM,
    }
    READERS = {
        "public": set(ACTORS),
        "participants": {"owner", "colleague", "granted", "system"},
        "account": {"owner", "colleague", "system"},
        "owner": {"owner", "owner elsewhere", "system"},
        "desk": {"owner", "colleague", "desk", "system"},
        "buyers": {"owner", "colleague", "desk", "buyer", "system"},
    }

    @pytest.mark.parametrize("audience", Audience.values)
    def test_says_the_same_as_the_policy_and_as_the_table(self, ana, at, audience):
        document = given.document(actor=ana, audience=audience)
        services.grant(document=document, account_ids=[12], at=at)

        for name, actor in self.ACTORS.items():
            by_query = Document.objects.visible_to(actor).filter(pk=document.pk).exists()
            by_policy = bool(POLICY.verdict(actor, Act.VIEW, document))

            assert by_query == by_policy == (name in self.READERS[audience]), (audience, name)


class TestDisclose:
    def test_opens_a_document_to_everybody(self, ana, at):
        document = given.document(actor=ana, audience="account")

        services.disclose(documents=[document], audience="public", at=at)

        assert Document.objects.visible_to(ANYONE).get().disclosed_at == at

    def test_is_refused_when_it_would_close(self, ana, at):
        document = given.document(actor=ana, audience="public")

        with pytest.raises(Refused, match="cannot_close"):
            services.disclose(documents=[document], audience="account", at=at)


def test_every_kind_accepts_only_known_types():
    from pliego.documents.filetypes import TYPES

    assert {code for kind in kinds.KINDS.values() for code in kind.accepts} <= set(TYPES)
