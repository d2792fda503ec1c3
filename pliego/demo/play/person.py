"""People of the play: each registers, keeps an authenticator and an opening key, and acts with their own token."""

import base64
import hashlib
import hmac
import re
import secrets
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyrage
from django.utils.translation import gettext as _

from pliego.demo import papers
from pliego.demo.play.site import Json, PlayFailed, Site
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA, calendar

STEP_UP_LIVES = 240  # seconds; the site allows five minutes
PERIOD = 30
WORKER_PATIENCE = 60  # seconds


def patiently(act: Callable[[], Any], code: str, seconds: float = WORKER_PATIENCE) -> Any:
    """Do it as soon as that refusal no longer stands in its way: others have their work to do first."""
    limit = time.monotonic() + seconds
    while True:
        try:
            return act()
        except PlayFailed as fault:
            if fault.codes != {code} or time.monotonic() > limit:
                raise
            time.sleep(1)


def one_time_code(secret: str, counter: int) -> str:
    """RFC 6238 with SHA-1 and six digits, as every authenticator application makes it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass
class Stage:
    """Where the play happens: the site, and what is told of each act."""

    site: Site
    tell: Callable[[Json], None]
    number: str = field(default_factory=lambda: secrets.token_hex(3))
    step: int = 0
    title: str = ""
    acts: int = 0
    public_receipt: str = ""  # of the last act that binds: the one to take home

    def scene(self, step: int, title: str) -> None:
        self.step, self.title = step, title

    def now(self) -> datetime:
        return datetime.fromisoformat(self.site.api("GET", "/practice/clock")["now"])

    def wait_until(self, moment: datetime) -> None:
        """Let the practice clock pass."""
        if moment <= self.now():
            return
        self.site.api("POST", "/practice/clock", {"to": moment.isoformat()})
        self.told("–", _("The practice clock goes on to %(at)s") % {"at": dates.instant(moment)}, {})

    def working_hours(self) -> None:
        """Go on in office hours of a working day, with room for several acts of the same morning."""
        now = self.now().astimezone(BOGOTA)
        if calendar.is_business(now.date()) and 8 <= now.hour < 11:
            return
        day = now.date() if now.hour < 8 else now.date() + timedelta(days=1)
        self.wait_until(calendar.at(calendar.add(day, 0), 9))

    def told(self, who: str, act: str, answer: Any) -> Any:
        one = answer[-1] if isinstance(answer, list) and answer else answer  # several decisions of one act
        receipt = one.get("receipt") if isinstance(one, dict) else None
        self.acts += 1
        self.tell(
            {
                "step": self.step,
                "scene": self.title,
                "at": self.now().astimezone(BOGOTA).isoformat(timespec="seconds"),
                "who": who,
                "act": act,
                "receipt": receipt["code"] if receipt else "",
                "url": self.site.url + receipt["url"] if receipt else "",
            }
        )
        return answer


class Person:
    """Somebody with a mailbox, a password, an authenticator and, if they open offers, an age key."""

    def __init__(self, stage: Stage, name: str, full_name: str) -> None:
        self.stage, self.name, self.full_name = stage, name, full_name
        self.email = f"{name}.{stage.number}@pliego.example"
        self.password = secrets.token_urlsafe(18)
        self.token = self.code = self.secret = self.account = ""
        self.used: set[int] = set()
        self.signed_at = -STEP_UP_LIVES * 2.0
        self.key: Any = None

    # ---- talking to the site ---------------------------------------------------------------------------------------

    def get(self, path: str, **query: str) -> Any:
        return self.stage.site.api("GET", path, None, self.token, **query)

    def wait_for(self, path: str, ready: Callable[[Any], bool] = bool) -> Any:
        """What the site makes by itself after an act, as soon as its worker has made it."""
        limit = time.monotonic() + WORKER_PATIENCE
        while True:
            try:
                if ready(found := self.get(path)):
                    return found
            except PlayFailed as fault:
                if fault.status != 404 or time.monotonic() > limit:
                    raise
            if time.monotonic() > limit:
                raise PlayFailed(f"GET {path}", 0, "the worker has not made it")
            time.sleep(0.5)

    def do(self, act: str, method: str, path: str, body: Json | None = None) -> Any:
        """An act of this person, told with its receipt."""
        return self.stage.told(self.full_name, act, self.call(method, path, body))

    def call(self, method: str, path: str, body: Json | None = None) -> Any:
        return self.stage.site.api(method, path, body if method != "GET" else None, self.token)

    def sign(self, act: str, method: str, path: str, body: Json | None = None) -> Any:
        """An act that binds: with the second factor given within the last minutes."""
        self.step_up()
        done = self.do(act, method, path, body)
        self.stage.public_receipt = (done[-1] if isinstance(done, list) else done)["receipt"]["code"]
        return done

    def upload(self, title: str, kind: str, body: str = "") -> str:
        """A PDF with that title, ready to be used once."""
        name = re.sub(r"\W+", "-", title.lower()).strip("-") + ".pdf"
        sent = self.stage.site.send("POST", "/uploads", papers.pdf(title, body), self.token, name=name, kind=kind)
        return str(sent["upload"])

    # ---- becoming somebody -----------------------------------------------------------------------------------------

    def register(self) -> "Person":
        body = {
            "full_name": self.full_name,
            "document_type": "CC",
            "document_number": str(1_000_000_000 + secrets.randbelow(900_000_000)),
            "email": self.email,
            "password": self.password,
            "phone": "3000000000",
            "terms_accepted": True,
        }
        self.call("POST", "/registrations", body)
        confirmed = self.call("POST", "/registrations/confirm", {"email": self.email, "code": self._mailed_code()})
        self.token, self.code = confirmed["token"], confirmed["person"]
        self.stage.told(self.full_name, _("Registers and confirms their e-mail with the code that came"), confirmed)
        self.secret = self.call("POST", "/second-factors/totp", {})["secret"]
        self.do(_("Adds their second factor"), "POST", "/second-factors/totp/confirm", {"code": self._code()})
        return self

    def _mailed_code(self) -> str:
        """The six digits of the last mail, read where a practice installation shows what it sent."""
        for _try in range(60):
            for mail in self.stage.site.api("GET", "/practice/mail", to=self.email)["mail"]:
                if found := re.search(r"\b(\d{6})\b", f"{mail['subject']} {mail['text']}"):
                    return found[1]
            time.sleep(0.25)
        raise PlayFailed("GET /practice/mail", 0, f"no mail with a code came to {self.email}")

    def _code(self) -> str:
        """A code not used before: each signs once. The one that is about to end is left: a busy site may be slow."""
        while True:
            current = int(time.time()) // PERIOD
            fresh = [counter for counter in (current, current + 1) if counter > max(self.used, default=0)]
            if fresh:
                self.used.add(fresh[0])
                return one_time_code(self.secret, fresh[0])
            time.sleep(1)

    def step_up(self) -> None:
        if time.monotonic() - self.signed_at < STEP_UP_LIVES:
            return
        self.call("POST", "/step-up", {"password": self.password, "code": self._code()})
        self.signed_at = time.monotonic()

    def act_for(self, account: str) -> None:
        self.call("POST", "/sessions/account", {"account": account})
        self.account = account

    # ---- opening key -----------------------------------------------------------------------------------------------

    def make_opening_key(self) -> None:
        """An age key whose public half the site learns, after a proof that the private half works."""
        self.key = pyrage.x25519.Identity.generate()
        recipient = str(self.key.to_public())
        asked = self.call("POST", "/opening-keys/challenge", {"recipient": recipient})
        answer = pyrage.decrypt(asked["challenge"].encode(), [self.key]).decode()
        proof = {"recipient": recipient, "answer": answer, "ticket": asked["ticket"]}
        self.do(_("Makes their opening key"), "POST", "/opening-keys", proof)


class Guest(Person):
    """Somebody of the installation's own cast, who enters with a practice link."""

    def __init__(self, stage: Stage, full_name: str, link: str) -> None:
        super().__init__(stage, "guest", full_name)
        session = stage.site.api("POST", "/sessions/practice", {"link": link})
        self.token, self.code, self.account = session["token"], session["person"], session["account"]

    def step_up(self) -> None:
        self.call("POST", "/step-up", {"demo": True})
