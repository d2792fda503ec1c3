"""The time custodian: an independent process that holds the second lock of every offer, and opens it only in time.

Guarantees: its keys come from one secret in its own folder and never leave it; it talks to the platform only over the
HTTP API; it believes the platform in nothing but what the log shows: it rebuilds the whole tree from the acts, refuses
a log that does not continue the one it knows, and gives the half of an envelope only when the log holds the closing
record and every act that comes before that envelope, and its own clock has passed the latest hour ever published for
it. Of a reinforced process it also wants, over the closing record of that very log, the signatures of enough of the
witnesses that the publication named. Which envelope a lock is of it learns from the receipts of the closing record,
never from whoever asks. A key serves one process, the first that the log gave it to.
"""

import base64
import json
import logging
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pliego.bidding import agefiles, sealing
from pliego.ledger import merkle, notes
from pliego.ledger.reaching import Http, Site
from pliego.tendering.snapshots import UNDOES

logger = logging.getLogger("pliego.custodian")
POOL = 50
LEAST_WITNESSES = 2  # of a reinforced process, whatever its publication says
FRONTIER = list[tuple[int, str]]
# The acts that say when the offers are opened, and what others change of a process.
TOLD = {"tender.published", "tender.amended", "tender.stage_opened", "tender.corrected", "tender.resumed"}
FLAGS = {
    "tender.suspended": ("is_suspended", True),
    "tender.resumed": ("is_suspended", False),
    "tender.cancelled": ("is_over", True),
    "tender.revoked": ("is_over", True),
}


class Refusal(Exception):
    """The custodian does not go on: the log is not the one it knows, or the platform does not answer as agreed."""


@dataclass
class Process:
    """What the log has said of a process."""

    number: int = 0  # of the custodian's key
    hours: dict[str, str] = field(default_factory=dict)  # milestone -> the latest hour ever published, ISO 8601
    envelopes: dict[str, dict[str, Any]] = field(default_factory=dict)  # as first published: when each may be opened
    receipts: dict[str, str] = field(default_factory=dict)  # leaf -> state: everything in the closing record
    acts: dict[str, str] = field(default_factory=dict)  # what was done after the close -> when it may be built upon
    called: list[str] = field(default_factory=list)  # offers, one after the other
    fit: list[str] = field(default_factory=list)  # offers that comply in the last report
    given: list[str] = field(default_factory=list)  # openings that are over for the custodian
    is_closed: bool = False
    closed_at: int = 0  # where the closing record is in the log
    needed: int = 0  # witnesses that must have cosigned it; the others are as the publication named them
    witnesses: list[str] = field(default_factory=list)  # their public keys
    signed: list[str] = field(
        default_factory=list
    )  # those (the key alone, in hexadecimal) whose signature over it was verified
    is_suspended: bool = False
    is_over: bool = False  # it ended before its opening: nobody ever opens it

    @property
    def is_witnessed(self) -> bool:
        return len(self.signed) >= self.needed

    def rule(self, envelope: str) -> dict[str, Any]:
        """When that envelope may be opened. Old processes say nothing, and all theirs open together."""
        together = {"at": "opening", "after": [], "by_call": False, "of_fit": False}
        return self.envelopes.get(envelope) or ({} if self.envelopes else together)

    def opening_of(self, envelope: str, bid: str) -> str:
        """How the opening of that envelope of that offer is called; nothing when it is never opened."""
        rule = self.rule(envelope)
        if not rule or (rule["by_call"] and bid not in self.called) or (rule["of_fit"] and bid not in self.fit):
            return ""
        return f"{rule['at']} {bid}" if rule["by_call"] else rule["at"]

    def due(self, now: datetime) -> set[str]:
        """The openings whose hour and whose acts have come, and that are not over."""
        found = set()
        for rule in self.envelopes.values() or [self.rule("")]:
            hour = self.hours.get(rule["at"]) or self.hours.get("bids_due", "")
            acts = [self.acts.get(act) for act in rule["after"]]
            if not hour or None in acts or now < max(instant(told) for told in [hour, *filter(None, acts)]):
                continue
            found |= {f"{rule['at']} {bid}" for bid in self.called} if rule["by_call"] else {rule["at"]}
        waits = self.number and self.is_closed and not self.is_suspended and not self.is_over
        return found - set(self.given) if waits else set()


LAYOUT = 4  # of what is kept on the disk


@dataclass
class State:
    """What the custodian remembers between two looks at the log."""

    vkey: str = ""
    size: int = 0
    frontier: FRONTIER = field(default_factory=list)
    note: str = ""
    processes: dict[str, Process] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)  # number of the key -> the first process that took it
    known: list[Any] = field(default_factory=list)  # [size, root] that the log had when it was last read whole
    layout: int = LAYOUT

    @classmethod
    def read(cls, path: Path) -> "State":
        if not path.exists():
            return cls()
        kept = json.loads(path.read_text())
        frontier = [(height, root) for height, root in kept.pop("frontier")]
        if kept.get("layout") != LAYOUT:  # kept by another version: the log is read again, and must be the same one
            return cls(vkey=kept["vkey"], known=[kept["size"], root_of(frontier).hex()])
        processes = {code: Process(**told) for code, told in kept.pop("processes").items()}
        return cls(processes=processes, frontier=frontier, **kept)

    def write(self, path: Path) -> None:
        told = {**self.__dict__, "processes": {code: p.__dict__ for code, p in self.processes.items()}}
        write_whole(path, json.dumps(told).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by one that is on the disk, readable by its owner alone."""
    half = path.with_suffix(".nuevo")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


# ---- the tree that it rebuilds -------------------------------------------------------------------------------------


def appended(frontier: FRONTIER, leaf: bytes) -> FRONTIER:
    """The right edge of the tree (its perfect subtrees, largest first) after one more leaf."""
    edge, height, top = list(frontier), 0, leaf
    while edge and edge[-1][0] == height:
        top = merkle.node_hash(bytes.fromhex(edge.pop()[1]), top)
        height += 1
    return [*edge, (height, top.hex())]


def root_of(frontier: FRONTIER) -> bytes:
    if not frontier:
        return merkle.EMPTY_ROOT
    top = bytes.fromhex(frontier[-1][1])
    for _height, root in reversed(frontier[:-1]):
        top = merkle.node_hash(bytes.fromhex(root), top)
    return top


# ---- the custodian -------------------------------------------------------------------------------------------------


class Custodian:
    """`is_practice`: in a practice installation everybody follows the moved clock, this process too."""

    def __init__(
        self, folder: Path, http: Http, *, is_practice: bool = False, now: Callable[[], datetime] | None = None
    ) -> None:
        self.folder, self.http, self.is_practice = folder, http, is_practice
        self.own_clock = now or (lambda: datetime.fromtimestamp(time.time(), UTC))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.state_path = folder / "estado.json"
        self.state = State.read(self.state_path)
        self.secret = self._secret()
        self.read = lru_cache(maxsize=8192)(self.headers_of)

    def _secret(self) -> bytes:
        path = self.folder / "secreto"
        if not path.exists():
            write_whole(path, os.urandom(32).hex().encode())
        return bytes.fromhex(path.read_text().strip())

    def identity(self, number: int) -> Any:
        """The key of that number: always the same one, from the secret alone."""
        raw = HKDF(SHA256(), 32, None, b"pliego custodian key %d" % number).derive(self.secret)
        return agefiles.identity_of(raw)

    def turn(self) -> list[str]:
        """One round: keys announced, log followed, halves given; answers the processes whose halves were given."""
        self.top_up()
        self.follow()
        now = self.now()
        due = {file: process.due(now) for file, process in self.state.processes.items()}
        given = [
            file for file, openings in due.items() if openings and self.witnessed(file) and self.give(file, openings)
        ]
        for file, process in self.state.processes.items():
            if process.is_closed and not (process.given or process.is_over):
                self.attempt(file, partial(self.sealed, file, process))  # ahead of its hour
        return given

    def top_up(self) -> None:
        """Keep enough announced keys that no process has taken."""
        pool = self.ask("/api/v1/custodian/keys")
        if pool["free"] >= POOL // 2:
            return
        first = pool["last"] + 1
        keys = [
            {"number": number, "recipient": str(self.identity(number).to_public())}
            for number in range(first, first + POOL - pool["free"])
        ]
        self.tell("/api/v1/custodian/keys", {"keys": keys})

    # ---- the log -----------------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Read the log up to its last signed head, and keep it only if it continues the one already known."""
        status, head = self.http.get("/api/v1/ledger/checkpoint")
        if status == 404:
            return  # nothing has been signed yet
        self.require(status == 200, f"the checkpoint answered {status}")
        try:
            key = notes.Key.parse(self.state.vkey or head["vkey"])  # the first key seen is believed ever after
            checkpoint = notes.open_checkpoint(head["note"], key)
        except notes.NotSigned as fault:
            raise Refusal(str(fault)) from fault
        least = max(self.state.size, *self.state.known[:1], 0)
        self.require(checkpoint.size >= least, "the log is shorter than it was")
        if self.state.note == head["note"]:
            return
        fresh = State.read(self.state_path)
        while fresh.size < checkpoint.size:
            entries = self.ask(f"/api/v1/ledger/entries?after={fresh.size - 1}")["entries"]
            self.require(bool(entries), "the log does not show all its acts")
            for entry in entries[: checkpoint.size - fresh.size]:
                self.learn(fresh, entry)
        self.require(root_of(fresh.frontier) == checkpoint.root, "the log is not the one that was known: a fork")
        fresh.vkey, fresh.note = str(key), head["note"]
        fresh.write(self.state_path)
        self.state = fresh

    def learn(self, state: State, entry: dict[str, Any]) -> None:
        """Take in one act: its leaf into the tree, and what it says of openings."""
        leaf = bytes.fromhex(entry["leaf"])
        self.require(entry["index"] == state.size, "the log skips an act")
        state.frontier = appended(state.frontier, leaf)
        state.size += 1
        if state.known and state.size == state.known[0]:
            self.require(
                root_of(state.frontier).hex() == state.known[1], "the log is not the one that was known: a fork"
            )
        if entry["body"] is None:
            return
        self.require(merkle.leaf_hash(entry["body"].encode()) == leaf, "an act is not the one that was logged")
        body = json.loads(entry["body"])
        if body["act"] in TOLD:
            self._hear(state, body["file"], body["data"])
        if flag := FLAGS.get(body["act"]):
            setattr(state.processes.setdefault(body["file"], Process()), *flag)
        if (process := state.processes.get(body["file"])) and body["act"] not in TOLD:
            self._follow_act(process, body["act"], body["data"], entry["index"])

    @staticmethod
    def _hear(state: State, file: str, data: dict[str, Any]) -> None:
        process = state.processes.setdefault(file, Process())
        opening = data.get("opening") or {}
        number = opening.get("custodian", {}).get("number")
        if number and state.numbers.setdefault(str(number), file) == file:
            process.number = number
        told = {row["envelope"]: {**RULE, **row} for row in opening.get("envelopes", [])}
        process.envelopes = process.envelopes or told
        if reinforced := opening.get("reinforced"):
            process.needed = process.needed or max(LEAST_WITNESSES, int(reinforced["needed"]))
            process.witnesses = process.witnesses or [str(each["vkey"]) for each in reinforced["witnesses"]]
        for code, said in (data.get("milestones") or {}).items():
            if said:
                process.hours[code] = max(process.hours.get(code) or said, said, key=instant)

    @staticmethod
    def _follow_act(process: Process, act: str, data: dict[str, Any], index: int = 0) -> None:
        """The closing record, which comes once, and what is done after it."""
        if act == "bids.closed" and not process.is_closed:
            process.is_closed, process.closed_at = True, index
            process.receipts = {listed["leaf"]: listed["state"] for listed in data["receipts"]}
        if not process.is_closed:
            return
        process.acts.pop(UNDOES.get(act, ""), None)
        process.acts[act] = max(process.acts.get(act, ""), data.get("observations_due", ""), key=instant_or_first)
        if act == "evaluation.report_published":
            process.fit = [row["bid"] for row in data["ranking"] if row["complies"]]
        if act == "bids.called" and data["bid"] not in process.called:
            process.called.append(data["bid"])
        if act in {"bids.opened", "bids.envelopes_opened"}:
            moment, call = data.get("moment", "opening"), data.get("call", "")
            process.given.append(f"{moment} {call}" if call else moment)

    # ---- witnesses ---------------------------------------------------------------------------------------------------

    def witnessed(self, file: str) -> bool:
        """Whether enough of the witnesses that the publication named have cosigned a head that holds the closing
        record. What was verified once is not asked again."""
        process = self.state.processes[file]
        if not process.is_witnessed:
            self.attempt(file, partial(self.look_for_witnesses, process))
        return process.is_witnessed

    def look_for_witnesses(self, process: Process) -> None:
        keys = [notes.Key.parse(vkey, notes.COSIGNATURE) for vkey in process.witnesses]
        before = list(process.signed)
        for head in self.ask(f"/api/v1/ledger/cosignatures?index={process.closed_at}")["heads"]:
            found = {key.public.hex() for key in keys if notes.cosigners(head["note"], [key])}
            if found - set(process.signed) and self.is_of_this_log(head["note"], process.closed_at):
                process.signed = sorted({*process.signed, *found})
        if process.signed != before:
            self.state.write(self.state_path)

    def is_of_this_log(self, note: str, index: int) -> bool:
        """Whether the head holds the act at that index of the log that was rebuilt here, and no other log."""
        found, size = notes.open_checkpoint(note, notes.Key.parse(self.state.vkey)), self.state.size
        if not index < found.size <= size:
            return False  # of a head that was not read yet it is asked again
        told = self.ask(f"/api/v1/ledger/consistency?old={found.size}&new={size}")["proof"] if found.size < size else []
        proof = [base64.b64decode(step) for step in told]
        own = root_of(self.state.frontier)
        self.require(
            merkle.verify_consistency(found.size, size, found.root, own, proof), "witnesses signed another log: a fork"
        )
        return True

    # ---- opening -----------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Its own clock. In a practice installation, the moved clock of everybody."""
        if not self.is_practice:
            return self.own_clock()
        return instant(self.ask("/api/v1/practice/clock")["now"])

    def give(self, file: str, openings: set[str]) -> bool:
        """Post the halves of openings whose hour has come. A process that fails is tried again and stops no other."""
        return self.attempt(file, partial(self._give, file, self.state.processes[file], openings))

    @staticmethod
    def attempt(file: str, act: Callable[[], object]) -> bool:
        try:
            act()
        except (
            Refusal,
            ValueError,
            LookupError,
            TypeError,
            notes.NotSigned,
        ) as fault:  # a platform that lies may answer anything
            logger.warning("%s: %r", file, fault)
            return False
        return True

    def _give(self, file: str, process: Process, openings: set[str]) -> None:
        headers = self.sealed(file, process)
        copies = Counter(lock_bytes(header) for _leaf, _bid, header in headers)
        halves = []
        for leaf, bid, header in headers:
            is_due = process.opening_of(header["envelope"], bid) in openings
            if process.receipts[leaf] != "submitted" or not is_due:
                continue
            # A lock that stands in two envelopes would open one with what was given for the other.
            own = self.piece(header["custodian"], process.number) if copies[lock_bytes(header)] == 1 else {}
            halves.append({"recipient": header["recipient"], **own})
        if halves:
            self.tell(f"/api/v1/custodian/tenders/{code_of(file)}/halves", {"halves": halves})
        process.given += sorted(openings)
        self.state.write(self.state_path)
        logger.info("%s: %d halves given", file, len(halves))

    def sealed(self, file: str, process: Process) -> list[tuple[str, str, dict[str, Any]]]:
        """All sealed headers of a closed process, each asked for once."""
        return [found for leaf in process.receipts for found in self.read(file, leaf)]

    def headers_of(self, file: str, leaf: str) -> list[tuple[str, str, dict[str, Any]]]:
        """The sealed headers behind a receipt of the closing record: its leaf names the act, the act the manifest."""
        told = self.ask(f"/api/v1/custodian/tenders/{code_of(file)}/receipts/{leaf}")
        body, manifest = told["body"], told["manifest"]
        self.require(merkle.leaf_hash(body.encode()).hex() == leaf, "a receipt is not the one of the closing record")
        data = json.loads(body)["data"]
        self.require(sealing.hash_of(manifest) == data["manifest_sha256"], "an offer is not the one of its receipt")
        self.require(manifest["process"] == file, "an offer was presented to another process")
        return [(leaf, data["bid"], envelope["header"]) for envelope in manifest["envelopes"]]

    def piece(self, lock: dict[str, Any], number: int) -> dict[str, str]:
        """What the lock holds, or the proof that the supplier lied about it."""
        try:
            return {"half": sealing.unwrap(lock, self.identity(number)).hex()}
        except sealing.BadShare as fault:
            return {"file_key": fault.file_key}

    # ---- talking -----------------------------------------------------------------------------------------------------

    def ask(self, path: str) -> Any:
        status, found = self.http.get(path)
        self.require(status == 200, f"{path} answered {status}")
        return found

    def tell(self, path: str, body: dict[str, Any]) -> None:
        status, _found = self.http.post(path, body)
        self.require(status == 200, f"{path} answered {status}")

    @staticmethod
    def require(condition: bool, why: str) -> None:
        if not condition:
            raise Refusal(why)


RULE = {"of_fit": False}  # what processes of before say nothing of


def code_of(file: str) -> str:
    return file.split("-", 2)[2]  # an ocid is ocds-xxxxxx-CODE


def lock_bytes(header: dict[str, Any]) -> bytes:
    return agefiles.dearmored(header["custodian"]["age"])


def instant_or_first(text: str) -> datetime:
    return instant(text) if text else datetime.min.replace(tzinfo=UTC)


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Platform(Site):
    """The platform over the network, for whoever has the custodian's token."""

    def __init__(self, url: str, token: str, timeout: float = 20.0) -> None:
        try:
            super().__init__(url, {"X-Pliego-Custodian": token}, timeout)
        except ValueError as fault:
            raise Refusal(str(fault)) from None
