"""Each method from registration to where it can go through the HTTP API: the plays of `pliego play`, in this process.

The worker and the log's signer get their turn after every act, the time custodian when it may have something to give;
the practice clock makes terms pass.
"""

import copy
import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation

from pliego.accounts import demo
from pliego.accounts.models import User
from pliego.bidding.custodian import Custodian
from pliego.codelists.services import load_starter
from pliego.contracts.models import Contract
from pliego.demo.play import PLAYS, PlayFailed, Site, Stage, Story
from pliego.demo.play.site import Answer
from pliego.demo.play.story import FOUNDED
from pliego.documents import blobs
from pliego.documents.models import Document
from pliego.kernel import clock
from pliego.ledger import log, outbox, signer, verify
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.tendering import standard
from pliego.tendering.models import Tender
from pliego.workspace import api as workspace
from tests import pdfa, shared

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


PLACES = {
    "PLIEGO_VAR": "",
    "PLIEGO_BLOBS": "blobs",
    "PLIEGO_UPLOADS": "uploads",
    "PLIEGO_SIGNER_DIR": "signer",
    "PLIEGO_CUSTODIAN_DIR": "custodian",
    "PLIEGO_CAUGHT_MAIL": "mail",
}

CALLS_THE_CUSTODIAN = ("/practice/clock", "/shares")  # the acts after which it may have something to give


class InProcess(Site):
    """The site without a network: Django's test client, and everybody else's turn after each act."""

    def __init__(self, folder: Path) -> None:
        self.url, self.client = "http://testserver", Client()
        self.custodian = Custodian(folder, self, is_practice=True)

    def ask(self, method, path, body, headers):
        kind = headers.pop("Content-Type", "application/json")
        answer = self.client.generic(method, path, body or b"", content_type=kind, headers=headers)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if method != "GET" and answer.status_code < 400:
            self.everybody_else(has_custodian=path.endswith(CALLS_THE_CUSTODIAN))
        return Answer(answer.status_code, dict(answer.headers), content)

    def everybody_else(self, *, has_custodian: bool = True) -> None:
        outbox.run_queued()
        log.sequence_once()
        signer.sign_once()
        if has_custodian:
            self.custodian.turn()

    def api(self, method, path, body=None, token="", **query):
        if path == "/practice/mail":  # tests catch mail in memory
            mine = [m for m in reversed(mail.outbox) if query["to"] in m.to]
            return {"mail": [{"subject": m.subject, "text": m.body} for m in mine]}
        return super().api(method, path, body, token, **query)

    # How the custodian reaches it.
    def get(self, path):
        answer = self.client.get(path, headers={"X-Pliego-Custodian": "demo-custodian"})
        return answer.status_code, answer.json()

    def post(self, path, body):
        headers = {"X-Pliego-Custodian": "demo-custodian"}
        answer = self.client.post(path, json.dumps(body), content_type="application/json", headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker, tmp_path_factory):
    """People, entity, suppliers and team: played once, in a transaction that ends with the tests of this file."""
    folder = tmp_path_factory.mktemp("founded")
    places = {name: folder / "var" / path for name, path in PLACES.items()}
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=["tests.hashers.QuickArgon2id"], **places),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        translation.activate(settings.LANGUAGE_CODE)
        patch.setattr(workspace, "SETTLING", 0)
        patch.setattr(clock, "_calibration", None)
        load_starter()
        site = InProcess(folder / "custodio")
        site.everybody_else()
        story, told = staged("minima-cuantia", site, folder / "play")
        story.run(until=FOUNDED)
        yield folder, story.world, told
        transaction.set_rollback(True)
    clock._calibration = None


@pytest.fixture
def site(founded, db, tmp_path, monkeypatch):
    """The site as it was when the world had just been founded, with files and custodian of its own."""
    folder, _world, _told = founded
    monkeypatch.setattr(workspace, "SETTLING", 0)
    monkeypatch.setattr(clock, "_calibration", None)
    shutil.copytree(folder / "var", tmp_path, dirs_exist_ok=True)
    shutil.copytree(folder / "custodio", tmp_path / "custodio")
    yield InProcess(tmp_path / "custodio")
    clock._calibration = None


def staged(name, site, folder):
    told = []
    ines = User.objects.get(pk=parties.desk(at=clock.now()).user_id)
    return Story(name, Stage(site, told.append), lambda: demo.sign_in_link(ines), folder), told


def played(name, site, founded, folder):
    """Everything that comes after the founding, by those who were there; all of it, where the entity is another."""
    _folder, before, told_before = founded
    story, told = staged(name, site, folder)
    if story.world.law.only_for:
        return story.run(), told
    story.stage.number, story.world.entity = before.stage.number, before.entity
    for who, person in before.people.items():
        story.world.people[who] = copy.copy(person)
        vars(story.world.people[who]).update(stage=story.stage, used=set(person.used))
    return story.run(after=FOUNDED), [*told_before, *told]


# How far each method goes: the state of its process, and the moments at which envelopes were opened.
# fmt: off
REACHED = {
    "minima-cuantia":                           ("finished", ["opening"]),
    "contratacion-directa":                     ("finished", []),
    "regimen-especial":                         ("finished", []),
    "solicitud-informacion":                    ("finished", ["opening"]),
    "publicacion-app":                          ("finished", []),
    "publicacion-multiparte":                   ("finished", []),
    "publicacion-concurso-arquitectura":        ("finished", []),
    "licitacion-publica":                       ("awarded", ["opening"]),
    "licitacion-acuerdo-marco":                 ("awarded", ["opening"]),
    "licitacion-obra-publica":                  ("awarded", ["opening", "award"]),
    "seleccion-abreviada-menor-cuantia":        ("awarded", ["opening"]),
    "seleccion-abreviada-menor-cuantia-sin-manifestacion": ("awarded", ["opening"]),
    "concurso-meritos-abierto":                 ("awarded", ["opening", "price_opened"]),
    "concurso-meritos-precalificacion":         ("awarded", ["opening", "price_opened"]),
    "contratacion-directa-con-ofertas":         ("opened", ["opening"]),
    "regimen-especial-con-ofertas":             ("opened", ["opening"]),
    "enajenacion-sobre-cerrado":                ("awarded", ["opening"]),
    "enajenacion-subasta":                      ("finished", ["opening", "auction"]),
    "subasta-inversa":                          ("finished", ["opening", "auction"]),
}
# fmt: on
# The one that begins with a template that came in a file, and the one made with a standard document.
TEMPLATED, STANDARDIZED = "seleccion-abreviada-menor-cuantia", "licitacion-obra-publica"
# The ones whose documents are judged by veraPDF: from the minutes of the opening to the settlement; and an auction.
ARCHIVED = ("minima-cuantia", "subasta-inversa")
WRITTEN = ("opening_record", "evaluation_report", "award", "contract", "settlement")


def test_there_is_a_journey_for_every_method_that_is_conducted():
    assert REACHED.keys() == PLAYS.keys()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning:libcove")
@pytest.mark.parametrize("name", PLAYS)
def test_each_method_goes_from_its_plan_as_far_as_it_can(name, site, founded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the checker of OCDS writes a file into the folder it is run from
    ended, told = played(name, site, founded, tmp_path / "play")

    tender = Tender.objects.get(code=ended["process"])
    opened = [
        opening["moment"] for opening in site.api("GET", f"/tenders/{tender.code}/openings") if opening["receipt"]
    ]
    receipts = [act["receipt"] for act in told if act["receipt"]]
    assert (tender.state, opened) == REACHED[name]
    assert len(tender.planned) == (2 if name == "licitacion-publica" else 1)
    assert [act["step"] for act in told] == sorted(act["step"] for act in told)
    assert Entry.objects.filter(code__in=receipts).count() == len(set(receipts)) == len(receipts) > 20
    for path in (ended["receipt"], ended["expediente"]):
        assert verify.verify_path(Path(path), None).is_authentic, path
    record = site.client.get(f"/ocds/api/v1/records/{tender.ocid}").json()
    assert len(record["records"][0]["releases"]) >= len(told) // 20
    assert faults_of(record) == {}
    contracts = Contract.objects.filter(tender=tender)
    assert all(contract.lines_total in {None, contract.value_amount} for contract in contracts)
    assert contracts.exists() == (tender.state in {"awarded", "finished"} and bool(tender.awards.count()))
    copied = set(tender.origins.filter(version=1).values_list("part", flat=True))
    assert copied == ({"guarantees", "risks", "criteria"} if name == TEMPLATED else set())
    assert bool(standard.of(tender)) == (name == STANDARDIZED)
    if name in ARCHIVED:
        may_be_archived(site, receipts[-1], tmp_path)


def may_be_archived(site, receipt, folder):
    """What the platform wrote is PDF/A, also with its seals; a file that only says so is found out."""
    files = {"receipt": site.client.get(f"/recibos/{receipt}.pdf").content}
    files["pretender"] = files["receipt"].replace(b"%%EOF\n", b"%%EOF ", 1)
    for document in Document.objects.filter(media_type="application/pdf"):
        with blobs.open(document.sha256) as content:
            files[f"{document.kind} {document.code}"] = content.read()

    judged = pdfa.judge(files, folder)

    pretender = judged.pop("pretender")
    written = {name: one for name, one in judged.items() if one.level}  # what somebody uploaded says nothing of itself
    assert {name: one.faults for name, one in written.items() if one.faults} == {}
    assert [fault[:5] for fault in pretender.faults] == ["6.1.9"]
    assert {name.split()[0] for name in written} >= {"receipt", *WRITTEN}


def faults_of(record):
    """Of all the releases of the process and of what they come to. Nothing is said where the schema is absent: see
    the test below, which skips there."""
    if not is_checked():
        return {}
    from tests.ocds.offline import faults

    return faults(record, shared.path("ocds"))


def is_checked():
    return importlib.util.find_spec("libcoveocds") is not None and shared.has("ocds")


def test_the_ocds_schema_is_here_to_check_the_releases_of_the_journeys():
    if not is_checked():
        pytest.skip("libcoveocds or its schema is absent: the releases of the journeys were not validated")


def test_a_refusal_ends_the_play_with_what_the_api_said(site, tmp_path):
    story = Story("minima-cuantia", Stage(site, lambda act: None), lambda: "http://x/demo/entrar/nada/", tmp_path)

    with pytest.raises(PlayFailed, match="404") as failed:
        story.run()

    assert failed.value.codes == {"not_found"}


def test_the_command_fails_when_nobody_answers(tmp_path, capsys):
    with pytest.raises(CommandError, match="practice/clock"):
        call_command("play", "minima-cuantia", url="http://127.0.0.1:1", as_json=True, out=tmp_path)

    assert json.loads(capsys.readouterr().out)["status"] == 0
