"""Each method from registration to settlement through the HTTP API: the plays of `pliego play`, in this process.

The worker, the log's signer and the time custodian get their turn after every act; the practice clock makes terms pass.
"""

import json
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from pliego.accounts import demo
from pliego.accounts.models import User
from pliego.bidding.custodian import Custodian
from pliego.codelists.services import load_starter
from pliego.demo.play import PLAYS, PlayFailed, Site, Stage, Story
from pliego.demo.play.site import Answer
from pliego.kernel import clock
from pliego.kernel.models import PracticeClock
from pliego.ledger import log, outbox, signer, verify
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.tendering.models import Tender
from pliego.workspace import api as workspace

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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
            self.everybody_else()
        return Answer(answer.status_code, dict(answer.headers), content)

    def everybody_else(self) -> None:
        outbox.run_queued()
        log.sequence_once()
        signer.sign_once()
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


@pytest.fixture
def site(db, tmp_path, monkeypatch):
    monkeypatch.setattr(workspace, "SETTLING", 0)
    monkeypatch.setattr(clock, "_calibration", None)
    load_starter()
    site = InProcess(tmp_path / "custodio")
    site.everybody_else()
    yield site
    PracticeClock.objects.all().delete()
    clock._calibration = None


def played(name, site, folder):
    told = []
    ines = User.objects.get(pk=parties.desk(at=clock.now()).user_id)
    story = Story(name, Stage(site, told.append), lambda: demo.sign_in_link(ines), folder)
    return story.run(), told


@pytest.mark.parametrize("name", PLAYS)
def test_the_whole_journey_ends_with_the_file_closed_and_verifiable(name, site, tmp_path):
    ended, told = played(name, site, tmp_path / "play")

    tender = Tender.objects.get(code=ended["process"])
    receipts = [act["receipt"] for act in told if act["receipt"]]
    assert tender.state == "finished"
    assert [act["step"] for act in told] == sorted(act["step"] for act in told)
    assert Entry.objects.filter(code__in=receipts).count() == len(set(receipts)) == len(receipts) > 30
    for path in (ended["receipt"], ended["expediente"]):
        assert verify.verify_path(Path(path), None).is_authentic, path


def test_a_refusal_ends_the_play_with_what_the_api_said(site, tmp_path):
    story = Story("minima-cuantia", Stage(site, lambda act: None), lambda: "http://x/demo/entrar/nada/", tmp_path)

    with pytest.raises(PlayFailed, match="404") as failed:
        story.run()

    assert failed.value.codes == {"not_found"}


def test_the_command_fails_when_nobody_answers(tmp_path, capsys):
    with pytest.raises(CommandError, match="practice/clock"):
        call_command("play", "minima-cuantia", url="http://127.0.0.1:1", as_json=True, out=tmp_path)

    assert json.loads(capsys.readouterr().out)["status"] == 0
