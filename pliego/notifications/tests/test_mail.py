import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend

from pliego.accounts.tests import given as people
from pliego.notifications import catcher, services
from pliego.notifications.models import Mail, Notice
from pliego.notifications.services import Message, notify

NEWS = Message(
    title="Se publicó el proceso", body="Compra de útiles", url="/procesos/PLG.EXP.1/", reason="es suyo", source="x"
)


@pytest.fixture
def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture
def server(free_port, tmp_path):
    running = catcher.controller("127.0.0.1", free_port, tmp_path / "mail")
    running.start()
    yield EmailBackend(host="127.0.0.1", port=free_port)
    running.stop()


@pytest.fixture
def ana(db, at):
    found = people.person("ana", at=at)
    mail.outbox.clear()  # her own registration
    return found


@pytest.fixture
def smtp(ana, server, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port


class TestMail:
    def test_reaches_a_real_server_through_the_queue(self, ana, at, smtp, run_reactions, settings):
        notify(users=[ana], message=NEWS, at=at)
        run_reactions()

        (found,) = catcher.caught(to=ana.email)
        assert (found.subject, found.to) == ("Se publicó el proceso", ana.email)
        assert f"{settings.PLIEGO_SITE_URL}/procesos/PLG.EXP.1/" in found.text
        (path,) = settings.PLIEGO_CAUGHT_MAIL.iterdir()
        kept = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert [part.get_content_type() for part in kept.iter_parts()] == ["text/plain", "text/html"]
        assert kept["Auto-Submitted"] == "auto-generated"

    def test_leaves_once(self, ana, at, run_reactions):
        notify(users=[ana], message=NEWS, at=at)
        run_reactions()

        services.send_mail(mail_id=Mail.objects.get().pk)
        notify(users=[ana], message=NEWS, at=at)
        run_reactions()

        assert len(mail.outbox) == 1

    def test_waits_for_a_server_that_is_away(self, ana, at, settings, free_port, run_reactions):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = free_port
        notify(users=[ana], message=NEWS, at=at)

        with pytest.raises(OSError, match="refused"):
            run_reactions()

        assert Mail.objects.get().sent_at is None

    def test_is_not_broken_by_line_breaks_in_a_title(self, ana, at, run_reactions):
        notify(users=[ana], message=Message("a\nBcc: x@y.example", "r", "s"), at=at)

        run_reactions()

        assert mail.outbox[0].subject == "a Bcc: x@y.example"
        assert mail.outbox[0].recipients() == [ana.email]


class TestNotify:
    def test_tells_a_person_once_for_one_cause(self, db, at):
        ana = people.person("ana", at=at)

        assert notify(users=[ana, ana], message=NEWS, at=at) == 1
        assert notify(users=[ana], message=NEWS, at=at) == 0

        assert Notice.objects.count() == 1

    def test_speaks_the_language_of_each(self, db, at):
        from django.utils.translation import gettext_lazy

        ana, fabio = people.person("ana", at=at), people.person("fabio", at=at)
        fabio.language = "en"
        fabio.save(update_fields=["language"])

        notify(users=[ana, fabio], message=Message(gettext_lazy("Receipt"), "r", "s"), at=at, mail=False)

        assert Notice.objects.get(user=fabio).title == "Receipt"
        assert Notice.objects.get(user=ana).title in {"Recibo", "Receipt"}  # the catalogue may not be compiled here


class TestCatcher:
    def test_lists_the_newest_first_and_by_recipient(self, server, settings, tmp_path):
        for i, to in enumerate(["a@x.example", "b@x.example", "A@x.example"]):
            mail.EmailMessage(f"n{i}", "hola ñandú", "p@x.example", [to], connection=server).send()

        assert [found.subject for found in catcher.caught()] == ["n2", "n1", "n0"]
        assert [found.subject for found in catcher.caught(to="a@x.example")] == ["n2", "n0"]
        assert next(catcher.caught()).text.strip() == "hola ñandú"

    def test_names_lead_nowhere_else(self, server, settings):
        (settings.PLIEGO_VAR / "secret.eml").write_text("Subject: secret\n\n")

        assert catcher.one("../secret") is None
        assert catcher.one("") is None

    def test_is_a_command_that_ends_when_told(self, free_port, tmp_path):
        environment = os.environ | {
            "PLIEGO_SMTP_URL": f"smtp://127.0.0.1:{free_port}",
            "PLIEGO_VAR": str(tmp_path),
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        }
        process = subprocess.Popen([sys.executable, "-m", "pliego", "mailcatcher"], env=environment)
        try:
            until = time.monotonic() + 20
            while True:
                try:
                    with smtplib.SMTP("127.0.0.1", free_port, timeout=5) as client:
                        client.sendmail("a@x.example", ["b@x.example"], b"Subject: hola\r\n\r\nadios\r\n")
                    break
                except OSError:
                    assert time.monotonic() < until, "the catcher did not start"
            process.send_signal(signal.SIGTERM)

            assert process.wait(10) == 0
            assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
        finally:
            process.kill()
            process.wait()
