"""A witness: an outside party that looks at each head of the log and signs that it follows from all that it saw before.

Guarantees: it keeps its key and the last (size, root) that it saw in a folder of its own, written to disk before its
signature is shown to anybody; it signs no head that the log itself did not sign, that is smaller than the one it saw,
or that does not contain it. What it saw it never forgets, so that a fork is refused for ever; the two signed heads that
do not agree stay in its folder, as the proof. It reads the public API and needs no account (C2SP tlog-cosignature; the
checks are those of tlog-witness, with the log asked by the witness and not the other way round, so that an institution
need open no port).
"""

import base64
import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pliego.ledger import merkle, notes
from pliego.ledger.reaching import Http
from pliego.ledger.signer import write_atomically

KEY_FILE, VKEY_FILE, SEEN_FILE, LOCK_FILE = "testigo.key", "testigo.vkey", "visto.json", "lock"
AGAIN = 3600  # seconds until the same head is signed once more, so that the platform knows that somebody still looks


class Refusal(Exception):
    """The witness does not sign: the platform does not answer as agreed, or its folder is not ready."""


class NotTheSameLog(Refusal):
    """The log is smaller than it was, or it is another one: nothing that it shows is signed."""


@dataclass
class Seen:
    """What the witness remembers of the log."""

    vkey: str
    size: int = 0
    root: str = ""
    note: str = ""
    signed_at: int = 0  # once the platform has the signature


class Witness:
    """`name` is how it is called in its key, given once; `vkey` is the log's key, when its owner has it from elsewhere:
    otherwise the first one seen is believed ever after."""

    def __init__(
        self, folder: Path, http: Http, *, name: str = "", vkey: str = "", now: Callable[[], float] = time.time
    ) -> None:
        self.folder, self.http, self.name, self.vkey, self.now = folder, http, name, vkey, now
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def turn(self) -> notes.Checkpoint | None:
        """Look at the head of now, and cosign it if it is new and follows; answers the one that was signed."""
        with self._alone():
            name, private = self.key()
            status, head = self.http.get("/api/v1/ledger/cosigning")
            if status == 404:
                return None  # nothing has been signed yet
            if status != 200:
                raise Refusal(f"the platform answered {status} when it was asked for its head")
            seen = self.seen(str(head["vkey"]))
            text, found = self.read(str(head["note"]), seen)
            self.check(found, str(head["note"]), seen)
            at = int(self.now())
            if (found.size, found.root.hex()) == (seen.size, seen.root) and at < seen.signed_at + AGAIN:
                return None
            # Remembered before it is shown: after a crash here the same head is signed again, never another.
            known = Seen(seen.vkey, found.size, found.root.hex(), str(head["note"]))
            self.remember(known)
            self.hand_over(found.size, notes.cosign(text, name, private, at))
            self.remember(replace(known, signed_at=at))
            return found

    def read(self, note: str, seen: Seen) -> tuple[str, notes.Checkpoint]:
        key = notes.Key.parse(seen.vkey)
        try:
            return notes.open_note(note, key), notes.open_checkpoint(note, key)
        except notes.NotSigned as fault:
            raise NotTheSameLog(f"the head is not signed by the log that it knows: {fault}") from fault

    def check(self, found: notes.Checkpoint, note: str, seen: Seen) -> None:
        """The head contains all that the last one did, or NotTheSameLog."""
        if found.size < seen.size:
            raise NotTheSameLog(f"the log shows {found.size} acts and {seen.size} were seen: it was cut")
        if seen.size == 0:
            return
        proof: list[bytes] = []
        if found.size > seen.size:
            status, told = self.http.get(f"/api/v1/ledger/consistency?old={seen.size}&new={found.size}")
            if status != 200:
                raise Refusal(f"the platform answered {status} when it was asked for the proof of what it added")
            proof = [base64.b64decode(step) for step in told["proof"]]
        if not merkle.verify_consistency(seen.size, found.size, bytes.fromhex(seen.root), found.root, proof):
            kept = self.folder / f"desacuerdo-{seen.size}-{found.size}.txt"
            write_atomically(kept, f"{seen.note}\n{note}".encode())
            raise NotTheSameLog(
                f"the head of {found.size} acts does not contain the one of {seen.size} that was seen: a fork."
                f" Both heads, which the log signed, are in {kept}: show them to whoever watches over it"
            )

    def hand_over(self, size: int, line: str) -> None:
        status, told = self.http.post("/api/v1/ledger/cosignatures", {"size": size, "line": line})
        if status not in {200, 201}:
            errors = told.get("errors", []) if isinstance(told, dict) else []
            why = "; ".join(str(error.get("sentence")) for error in errors)
            raise Refusal(f"the platform answered {status} to the cosignature. {why}")

    # ---- its folder ----------------------------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def key(self) -> tuple[str, Ed25519PrivateKey]:
        """Its name and its key, made at first use. The public half lies beside it, for the operator to register."""
        path, public = self.folder / KEY_FILE, self.folder / VKEY_FILE
        if not path.exists():
            if (self.folder / SEEN_FILE).exists():
                raise Refusal("the witness has signed before but its key is gone: restore it, or begin in a new folder")
            if not notes.NAME.fullmatch(self.name):
                raise Refusal("a new witness needs a name without spaces or “+”: for example entidad.gov.co/testigo")
            made = Ed25519PrivateKey.generate()
            pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
            write_atomically(public, f"{notes.Key.of(self.name, made, notes.COSIGNATURE)}\n".encode())
            write_atomically(path, made.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
        own = notes.Key.parse(public.read_text(), notes.COSIGNATURE)
        if not isinstance(private, Ed25519PrivateKey) or notes.Key.of(own.name, private, notes.COSIGNATURE) != own:
            raise Refusal(f"{VKEY_FILE} is not of {KEY_FILE}")
        return own.name, private

    def seen(self, shown: str) -> Seen:
        """What it remembers; at first, nothing but the key of the log."""
        path = self.folder / SEEN_FILE
        found = Seen(**json.loads(path.read_text())) if path.exists() else Seen(vkey=(self.vkey or shown).strip())
        if self.vkey and self.vkey.strip() != found.vkey:
            raise Refusal("the key of the log that was given is not the one that this folder was begun with")
        try:
            notes.Key.parse(found.vkey)
        except notes.NotSigned as fault:
            raise Refusal(str(fault)) from fault
        return found

    def remember(self, seen: Seen) -> None:
        write_atomically(self.folder / SEEN_FILE, json.dumps(asdict(seen), indent=1).encode())
