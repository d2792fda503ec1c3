"""Suppliers who present offers over HTTP as programs do: each sends its offer until it has a receipt or a refusal."""

import http.client
import json
import random
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import connection, connections, transaction

from pliego.bidding import sealing
from pliego.bidding.models import Bid
from pliego.bidding.queries import sealing_process
from pliego.bidding.sealing.making import new_header
from pliego.bidding.tests import given
from pliego.kernel import clock
from pliego.ledger import notes, queries, receipts, verify
from pliego.ledger.models import Checkpoint, Entry
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders
from tests.killing.reckoning import Evidence, Promise, Stored

PATIENCE = 120  # seconds that one answer may take, with everything that dies meanwhile
AFTER = 3  # offers that each supplier sends to each process when the deadline is over
IS_OVER = {"too_late", "wrong_state"}
AGAIN = 0.4  # seconds from an answer that is none to the next try
SIGNS_FOR = 200.0  # seconds after which each signs again
SIGNED_WITHIN = 20.0
PROVED = 3_000  # receipts verified one by one; all of them when there are fewer


@dataclass
class World:
    """Processes with one deadline, and suppliers with a sealed offer for each, its parts already sent."""

    tenders: list[Tender]
    suppliers: list["Supplier"]
    due: datetime
    shifts: list[timedelta] = field(default_factory=list)  # of the practice clock, as they were set

    @classmethod
    def made(cls, at: datetime, suppliers: int, processes: int) -> "World":
        from pliego.accounts import tokens
        from pliego.accounts.models import User

        with clock.fixed(at), transaction.atomic():
            published = [given.published_tender(at) for _number in range(processes)]
            people = [tenders.supplier(at, f"proveedora{number}") for number in range(suppliers)]
        asked = {tender.code: sealing_process(tender) for tender in published}
        made = []
        for actor in people:
            with clock.fixed(at), transaction.atomic():
                sealed = {tender.code: given.sealed(tender, actor, at) for tender in published}
            user = User.objects.get(pk=actor.user_id)
            token, _row = tokens.open_token(user=user, account_id=actor.account_id)
            factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
            made.append(Supplier(actor.account_code, token, decrypt(factor.data["secret"]), asked, sealed))
        return cls(published, made, given.due(published[0]))

    def turn_clock(self, site: Any, to: datetime) -> float:
        """Set the practice clock of the installation; answers when its deadline comes, on the database's clock."""
        url = site.database.url_file.read_text().strip()
        while True:
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    row = connection.execute(
                        "INSERT INTO kernel_practiceclock (id, shift) VALUES (1, %s - clock_timestamp())"
                        " ON CONFLICT (id) DO UPDATE SET shift = excluded.shift RETURNING shift",
                        [to],
                    ).fetchone()
                    connection.execute("CHECKPOINT")
            except psycopg.Error:
                time.sleep(0.1)
                continue
            assert row is not None
            self.shifts.append(row[0])
            return (self.due - row[0]).timestamp()

    def told(self, received: datetime, promise: Promise | None) -> float:
        """The instant on the database's clock: by the shift of the practice clock that was in force, or else by the
        one that fits best with when it was sent and answered."""
        read = [(received - shift).timestamp() for shift in self.shifts]
        if promise is None:
            return read[-1]
        return min(read, key=lambda at: max(promise.sent - at, at - promise.told))


@dataclass
class Supplier:
    code: str
    token: str
    secret: str  # of the application that shows its codes
    asked: dict[str, dict[str, Any]]  # what each process asks to be sealed for
    sealed: dict[str, dict[str, Any]]  # an offer for each, whose parts were sent
    signed_at: float = 0.0

    def offer(self, tender: Tender) -> dict[str, Any]:
        """A whole manifest with keys of its own; its files are those that were sealed before."""
        once = self.sealed[tender.code]
        envelopes = [
            {**each, "header": new_header(self.asked[tender.code], self.code, each["header"]["envelope"])[0]}
            for each in once["envelopes"]
        ]
        return {**once, "submission": secrets.token_hex(16), "envelopes": envelopes}

    def one_time_code(self, ahead: int) -> str:
        counter = list(totp.yield_hotp_counters_from_time())[1] + ahead
        return str(totp.format_hotp_value(totp.hotp_value(self.secret, counter)))


class Crowd:
    """Every supplier in a thread of its own, and one who collects the signed heads of the log."""

    def __init__(self, world: World, site: Any) -> None:
        self.world, self.site = world, site
        self.seen, self.unexpected, self.repeated = Evidence(), [], 0
        self.heads: list[str] = []  # signed heads of the log, as they were seen
        self.kept: list[str] = []  # those that the database holds at the end
        self.due: float | None = None  # on the database's clock, as soon as it is known
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self._present, args=[one], daemon=True) for one in world.suppliers]
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def begin(self) -> None:
        connections.close_all()
        for thread in (*self.threads, self.watcher):
            thread.start()

    def wait(self) -> None:
        for thread in self.threads:
            thread.join(PATIENCE)
        if any(thread.is_alive() for thread in self.threads):
            self.unexpected.append("a supplier never got an answer")
        self.is_over.set()
        self.watcher.join(30)

    # ---- over HTTP ----

    def _ask(self, line: "Line", method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        try:
            return line.ask(self.site.port, method, path, body)
        except (OSError, http.client.HTTPException, ValueError):
            line.cut()
            return 0, {}

    def _present(self, supplier: Supplier) -> None:
        line, turn, after = Line(supplier.token), 0, 0
        while after < AFTER * len(self.world.tenders):
            if time.time() - supplier.signed_at > SIGNS_FOR:
                self._sign(line, supplier)
            tender = self.world.tenders[turn % len(self.world.tenders)]
            sent = self._offer(line, supplier, tender)
            turn += 1
            after += self.due is not None and sent >= self.due

    def _offer(self, line: "Line", supplier: Supplier, tender: Tender) -> float:
        """Send one offer until it has its receipt or its refusal; answers when it was sent first."""
        manifest = supplier.offer(tender)
        key, digest = (supplier.code, manifest["submission"]), sealing.hash_of(manifest)
        body, sent = {"manifest": manifest}, time.time()
        while time.time() - sent < PATIENCE:
            status, answer = self._ask(line, "POST", f"tenders/{tender.code}/bids", body)
            codes = {error["code"] for error in answer.get("errors", ())}
            if status == 200:
                told = (answer["bid"], answer["receipt"]["code"])
                self.seen.promised.append(Promise(key, tender.ocid, digest, *told, sent, time.time()))
                return sent
            if codes & IS_OVER:
                self.seen.refused.append((key, sent))
                return sent
            if "signature_required" in codes:  # its five minutes are over, or what it proved was lost
                self._sign(line, supplier)
            elif status and status < 500 and "clock_uncertain" not in codes:
                self.unexpected.append(f"{status} {answer}")
                return sent
            self.repeated += 1
            time.sleep(AGAIN)
        self.unexpected.append(f"no answer for {key}")
        return sent

    def _sign(self, line: "Line", supplier: Supplier) -> None:
        """Give password and code again, as a person who presents offers for long has to; a code signs once."""
        until = time.time() + PATIENCE
        while time.time() < until:
            for ahead in (0, 1, -1):
                body = {"password": tenders.people.PASSWORD, "code": supplier.one_time_code(ahead)}
                if self._ask(line, "POST", "step-up", body)[0] == 200:
                    supplier.signed_at = time.time()
                    return
                time.sleep(1)
            time.sleep(10)
        self.unexpected.append(f"{supplier.code} could not sign")

    def _watch(self) -> None:
        line = Line()
        while not self.is_over.wait(0.1):
            status, head = self._ask(line, "GET", "ledger/checkpoint")
            if status == 200 and (not self.heads or self.heads[-1] != head["note"]):
                self.heads.append(head["note"])

    # ---- when it is over ----

    def closed(self) -> Evidence:
        """Close every process over HTTP, let the log be signed, and read what the database holds."""
        line, seen = Line(), self.seen
        for tender in self.world.tenders:
            until = time.time() + PATIENCE
            while self._ask(line, "POST", f"tenders/{tender.code}/close")[0] != 200 and time.time() < until:
                time.sleep(0.2)
        connection.close()  # its sessions were killed with the database
        connection.close_pool()
        is_signed = self._wait_for_the_signer()
        acts = {
            row.subject_id: row
            for row in Entry.objects.filter(act="bid.submitted", file__in=[t.ocid for t in self.world.tenders])
        }
        for tender in self.world.tenders:
            seen.due = {**seen.due, tender.ocid: self.due or 0.0}
            record = Entry.objects.filter(act="bids.closed", file=tender.ocid).first()
            lines = record.content["data"]["receipts"] if record else []
            seen.listed[tender.ocid] = {line["receipt"]: line["leaf"] for line in lines}
            seen.stored += self._stored(tender)
        seen.acts = [act.code for act in acts.values()]
        seen.unproved = self._unproved(list(acts.values())) if is_signed else ["the log was not signed to its end"]
        self.kept = list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
        return seen

    def _stored(self, tender: Tender) -> list[Stored]:
        sent = {one.key: one for one in self.seen.promised}
        rows = Bid.objects.filter(tender=tender).select_related("receipt", "supplier").defer("manifest")
        found = []
        for bid in rows.iterator():
            key, told = (bid.supplier.code, bid.submission), sent.get((bid.supplier.code, bid.submission))
            received = self.world.told(bid.received_at, told)
            what = (bid.manifest_sha256, bid.code, bid.receipt.code, bid.receipt.leaf_hex, bid.state)
            found.append(Stored(key, tender.ocid, *what, received))
        return found

    def _unproved(self, acts: list[Entry]) -> list[str]:
        """The receipts that whoever holds them could not verify."""
        key = notes.Key.parse(queries.vkey())
        chosen = acts if len(acts) <= PROVED else random.sample(acts, PROVED)
        return [act.code for act in chosen if not self._verifies(act, key)]

    @staticmethod
    def _verifies(act: Entry, key: notes.Key) -> bool:
        receipt = receipts.build(act)
        return receipt is not None and verify.verify_receipt(receipt, key).is_authentic

    def _wait_for_the_signer(self) -> bool:
        until = time.time() + (3.0 if self.site.is_planted else SIGNED_WITHIN)
        while time.time() < until:
            head = queries.head()
            if head and head.size == Entry.objects.count():
                return True
            time.sleep(0.2)
        return False


class Line:
    """A kept-alive connection to the API, made again after it was cut."""

    def __init__(self, token: str = "") -> None:
        self.headers = {"Content-Type": "application/json", "Accept-Language": "es"}
        self.headers |= {"Authorization": f"Bearer {token}"} if token else {}
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, port: int, method: str, path: str, body: object) -> tuple[int, dict[str, Any]]:
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request(method, f"/api/v1/{path}", json.dumps(body).encode() if body else None, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if answer.status < 500 else {}

    def cut(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None
