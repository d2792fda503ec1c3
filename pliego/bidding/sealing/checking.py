"""Check a sealed offer without opening it: shape, process, supplier, members, custodian."""

from collections.abc import Iterable
from typing import Any

from pliego.bidding import agefiles
from pliego.bidding.agefiles import BadAge
from pliego.bidding.sealing import padding
from pliego.bidding.sealing.format import (
    HEX,
    MOST_RESERVES,
    PART_SIZE,
    SUBMISSION,
    VERSION,
    WITH_RESERVES,
    WORD,
    BadSeal,
    Json,
    require,
    require_keys,
)


def check_manifest(manifest: Json, process: Json, supplier: str) -> None:
    """Raise BadSeal unless the manifest is whole and made for this process and this supplier."""
    require_keys(manifest, "v process supplier submission bundle part_size envelopes", "manifest")
    require(manifest["v"] in {VERSION, WITH_RESERVES} and manifest["part_size"] == PART_SIZE, "unknown_version")
    require(isinstance(manifest["bundle"], str) and WORD.fullmatch(manifest["bundle"]), "bad_shape", "bundle")
    submission = manifest["submission"]
    require(isinstance(submission, str) and SUBMISSION.fullmatch(submission), "bad_shape", "submission")
    require(manifest["process"] == process["process"], "other_process")
    require(manifest["supplier"] == supplier, "other_supplier")
    envelopes = manifest["envelopes"]
    require(isinstance(envelopes, list) and all(isinstance(e, dict) for e in envelopes), "bad_shape", "envelopes")
    for envelope in envelopes:
        require_keys(envelope, "header files", "envelope")
        check_header(envelope["header"], process, supplier)
        _check_files(envelope["files"])
        named = any(row["item"] for row in envelope["files"])
        require(not (named and process.get("lots")), "tells_the_lots", "file")
        require(not (named and process.get("variants")), "tells_the_variant", "file")
    if process.get("reinforced"):
        _check_reinforced(manifest)
    _check_envelopes([e["header"] for e in envelopes], manifest["v"], process["envelopes"])
    recipients = {e["header"]["recipient"] for e in envelopes}
    require(len(recipients) == len(envelopes), "repeated_key")


def _check_reinforced(manifest: Json) -> None:
    """Made by a program of its owner, and no size tells more than a rounded one. The page writes as `bundle` the hash
    of its script; the program, its name. Both are what the package says of itself, and nothing proves it."""
    require(manifest["bundle"] and not HEX.fullmatch(manifest["bundle"]), "sealed_by_the_page", "bundle")
    rows = [row for envelope in manifest["envelopes"] for row in envelope["files"]]
    require(all(row["size"] == padding.padded(row["size"]) for row in rows), "tells_the_sizes", "file")


def _check_envelopes(headers: list[Json], version: int, asked: list[str]) -> None:
    """First the envelopes of the process, in its order; then those reserved, each with a number of its own."""
    own = [header for header in headers if not header.get("reserved")]
    apart = headers[len(own) :]
    require([header["envelope"] for header in own] == asked and own == headers[: len(own)], "other_envelopes")
    require((version == WITH_RESERVES) == bool(apart) and len(apart) <= MOST_RESERVES, "other_envelopes")
    places = {(header["envelope"], header["reserved"]) for header in apart}
    require(len(places) == len(apart), "other_envelopes")


def check_header(header: Json, process: Json, supplier: str) -> None:
    """Raise BadSeal unless the header locks S for exactly the members and the custodian that the process fixed."""
    require(isinstance(header, dict), "bad_shape", "header")
    more = " reserved" if header.get("v") == WITH_RESERVES else ""
    require_keys(header, f"v process supplier envelope recipient t locks custodian{more}", "header")
    require(header["v"] in {VERSION, WITH_RESERVES}, "unknown_version")
    number = header.get("reserved", 1)
    require(type(number) is int and 0 < number <= MOST_RESERVES, "bad_shape", "reserved")
    require(header["process"] == process["process"], "other_process")
    require(header["supplier"] == supplier, "other_supplier")
    require(header["envelope"] in process["envelopes"], "other_envelopes")
    require(agefiles.is_recipient(header["recipient"]), "bad_shape", "recipient")
    require(header["t"] == process["t"] and isinstance(header["locks"], list), "other_members")
    for lock in header["locks"]:
        require_keys(lock, "member recipient commit age", "lock")
        _check_lock(lock)
    expected = [(member["member"], member["recipient"]) for member in process["members"]]
    require([(lock["member"], lock["recipient"]) for lock in header["locks"]] == expected, "other_members")
    require_keys(header["custodian"], "number recipient commit age", "custodian")
    _check_lock(header["custodian"])
    locked_for = (header["custodian"]["number"], header["custodian"]["recipient"])
    require(locked_for == (process["custodian"]["number"], process["custodian"]["recipient"]), "other_custodian")


def _check_lock(lock: Json) -> None:
    require(isinstance(lock["commit"], str) and HEX.fullmatch(lock["commit"]), "bad_shape", "commit")
    require(isinstance(lock["age"], str) and len(lock["age"]) <= 4096, "bad_shape", "lock")
    try:
        require(agefiles.parse(agefiles.dearmored(lock["age"])).stanzas, "bad_shape", "lock")
    except BadAge:
        raise BadSeal("bad_shape", "lock") from None


def _check_files(files: Any) -> None:
    require(isinstance(files, list) and 1 <= len(files) <= 500, "bad_shape", "files")
    for index, row in enumerate(files):
        require_keys(row, "name item size sealed parts", "file")
        require(row["name"] == f"{index:04d}.age", "bad_shape", "file")
        require(isinstance(row["item"], str) and WORD.fullmatch(row["item"]), "bad_shape", "file")
        sizes = (row["size"], row["sealed"])
        require(all(type(size) is int and 0 <= size < 2**40 for size in sizes), "bad_shape", "file")
        parts = row["parts"]
        require(isinstance(parts, list) and len(parts) == max(1, -(-row["sealed"] // PART_SIZE)), "bad_shape", "file")
        require(all(isinstance(part, str) and HEX.fullmatch(part) for part in parts), "bad_shape", "file")


def part_sizes(row: Json) -> Iterable[tuple[str, int]]:
    """Each part of a file with the size that it must have."""
    left = row["sealed"]
    for part in row["parts"]:
        yield part, min(PART_SIZE, left)
        left -= PART_SIZE
