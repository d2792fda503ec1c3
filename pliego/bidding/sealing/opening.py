"""Open a sealed offer, and say who is at fault when it does not open."""

import io
import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

import pyrage

from pliego.bidding import agefiles, shamir
from pliego.bidding.agefiles import BadAge
from pliego.bidding.sealing import padding
from pliego.bidding.sealing.format import (
    ABOUT,
    ANSWERS_FILE,
    LONGEST_ABOUT,
    LONGEST_SUMMARY,
    VERSION,
    BadSeal,
    BadShare,
    GetPart,
    Json,
    canonical,
    require,
    require_keys,
    sha256,
)


def unwrap(lock: Json, identity: pyrage.x25519.Identity) -> bytes:
    """The piece that a lock holds. BadShare when the supplier sealed something else than he committed to."""
    content = agefiles.dearmored(lock["age"])
    try:
        key = agefiles.file_key(content, identity)
        piece = agefiles.content_with(content, key)
    except BadAge:
        raise BadShare("supplier", "lock_does_not_open") from None
    if sha256(piece) != lock["commit"]:
        raise BadShare("supplier", "lock_breaks_its_promise", key.hex())
    return piece


def proves_bad_lock(lock: Json, file_key: str) -> bool:
    """Whether this file key shows that the lock holds something else than the supplier committed to."""
    try:
        return sha256(agefiles.content_with(agefiles.dearmored(lock["age"]), bytes.fromhex(file_key))) != lock["commit"]
    except ValueError:
        return False


def check_piece(lock: Json, piece: bytes, who: str) -> None:
    """BadShare, blaming who gave it, unless this is the piece that the supplier committed to."""
    if sha256(piece) != lock["commit"]:
        raise BadShare(who, "piece_is_not_the_promised_one")


def recover(header: Json, shares: Mapping[str, bytes], custodian_half: bytes) -> pyrage.x25519.Identity:
    """The envelope's identity S from members' shares and the custodian's half; BadShare names who is at fault."""
    locks = {lock["member"]: lock for lock in header["locks"]}
    for member, share in shares.items():
        check_piece(locks[member], share, member)
    check_piece(header["custodian"], custodian_half, "custodian")
    if len(shares) < header["t"]:
        raise BadSeal("too_few_shares", f"{len(shares)} of {header['t']}")
    try:
        members_half = shamir.combine(list(shares.values())[: header["t"]])
        identity = agefiles.identity_of(bytes(a ^ b for a, b in zip(members_half, custodian_half, strict=True)))
    except ValueError:
        raise BadShare("supplier", "pieces_do_not_fit") from None
    if str(identity.to_public()) != header["recipient"]:
        raise BadShare("supplier", "pieces_do_not_fit")  # each kept its promise, together they make another key
    return identity


class PartReader(io.RawIOBase):
    """A sealed file from its parts, each verified. `fault` keeps what went wrong in reading: not the cipher's."""

    def __init__(self, parts: Iterable[str], get: GetPart) -> None:
        self.waiting, self.get, self.buffer = iter(parts), get, b""
        self.fault: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.buffer:
            part = next(self.waiting, None)
            if part is None:
                return 0
            self.buffer = self._verified(part)
        content, self.buffer = self.buffer[: len(buffer)], self.buffer[len(buffer) :]
        buffer[: len(content)] = content
        return len(content)

    def _verified(self, part: str) -> bytes:
        try:
            content = self.get(part)
            require(sha256(content) == part, "part_was_altered", part)
        except Exception as fault:
            self.fault = fault
            raise
        return content


def open_file(identity: pyrage.x25519.Identity, row: Json, get: GetPart, into: IO[bytes]) -> None:
    """Decrypt one file of an envelope; BadShare blames the supplier when it does not open."""
    reader = PartReader(row["parts"], get)
    try:
        pyrage.decrypt_io(io.BufferedReader(reader, 2**16), into, [identity])
    except Exception as found:
        if reader.fault is not None:
            raise reader.fault from None  # the platform's copy is damaged or gone
        if isinstance(found, pyrage.DecryptError | OSError | ValueError):
            raise BadShare("supplier", "file_does_not_open") from None
        raise


def cut_to_size(answers: Json, listed: Json, into: IO[bytes]) -> None:
    """Leave of an opened file, at whose end `into` stands, what it had before its size was rounded up."""
    if answers.get("padded") and not padding.cut(into, listed["size"]):
        raise BadShare("supplier", "file_is_not_the_listed_one")


LARGEST_ANSWERS = 16 * 2**20
NO_VARIANT: Json = {"summary": "", "answers": {}, "prices": {}, "files": []}


def open_answers(identity: pyrage.x25519.Identity, envelope: Json, get: GetPart) -> Json:
    """The answers of an envelope, checked to have been sealed for this process, by this supplier, to this key."""
    row = envelope["files"][ANSWERS_FILE]
    into = io.BytesIO()
    if row["sealed"] <= LARGEST_ANSWERS:
        open_file(identity, row, get, into)
    try:
        answers = json.loads(into.getvalue(), parse_constant=_no_number)
        _check_answers(answers, len(envelope["files"]))
        require(not ("variant" in answers and envelope["header"].get("reserved")), "bad_shape", "variant")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadShare("supplier", "answers_cannot_be_read") from None
    header = envelope["header"]
    if answers["seal"] != {name: header[name] for name in ("process", "supplier", "envelope", "recipient")}:
        raise BadShare("supplier", "sealed_for_another_offer")
    return answers


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not a number of JSON")


def _check_answers(answers: Any, files: int) -> None:
    """Only what the format names, in text that every database can keep."""
    require(isinstance(answers, dict), "bad_shape", "answers")
    asked = answers.get("confidential", {})  # only where the supplier asked for it
    lots = answers.get("lots", [])  # only where the process has lots
    about = answers.get("about", {})  # only what the supplier said of the offer
    variant = answers.get("variant", NO_VARIANT)  # only where the supplier presents one
    is_padded = answers.get("padded", True)  # only where the process asks for it
    optional = {"confidential": asked, "lots": lots, "about": about, "variant": variant, "padded": is_padded}
    require_keys(
        {**optional, **answers}, "v seal answers prices total files confidential lots about variant padded", "answers"
    )
    require(is_padded is True, "bad_shape", "padded")
    require_keys(variant, " ".join(NO_VARIANT), "variant")
    summary = variant["summary"]
    require(isinstance(summary, str) and len(summary) <= LONGEST_SUMMARY, "bad_shape", "variant")
    require(isinstance(about, dict) and set(about) <= set(ABOUT), "bad_shape", "about")
    require(all(isinstance(text, str) and len(text) <= LONGEST_ABOUT for text in about.values()), "bad_shape", "about")
    require(isinstance(lots, list) and all(type(lot) is int for lot in lots), "bad_shape", "lots")
    require(answers["v"] == VERSION and isinstance(answers["total"], str), "bad_shape", "answers")
    for texts in (answers["answers"], answers["prices"], asked, variant["answers"], variant["prices"]):
        require(isinstance(texts, dict) and all(isinstance(text, str) for text in texts.values()), "bad_shape")
    require(isinstance(answers["files"], list) and isinstance(variant["files"], list), "bad_shape", "files")
    listed = [*answers["files"], *variant["files"]]
    for row in listed:
        require_keys(row, "item file name size sha256", "files")
        require(type(row["file"]) is int and 0 < row["file"] < files, "bad_shape", "files")
        require(all(isinstance(row[name], str) for name in ("item", "name", "sha256")), "bad_shape", "files")
    require(len({row["file"] for row in listed}) == len(listed), "bad_shape", "files")
    require("\\u0000" not in canonical(answers).decode(), "bad_shape", "text")


def open_envelope(envelope: Json, identity: pyrage.x25519.Identity, get: GetPart) -> tuple[Json, dict[int, bytes]]:
    """Everything in an envelope: its answers, and each listed file's bytes by index. For small offers and tests."""
    answers = open_answers(identity, envelope, get)
    files = {}
    for row in [*answers["files"], *answers.get("variant", NO_VARIANT)["files"]]:
        into = io.BytesIO()
        open_file(identity, envelope["files"][row["file"]], get, into)
        cut_to_size(answers, row, into)
        if sha256(into.getvalue()) != row["sha256"]:
            raise BadShare("supplier", "file_is_not_the_listed_one")
        files[row["file"]] = into.getvalue()
    return answers, files
