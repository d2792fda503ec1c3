"""The words of the format, and what can be wrong with an offer."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

VERSION = 1
WITH_RESERVES = 2  # of manifests that have reserved envelopes, and of their headers; all else stays as it was
MOST_RESERVES = 200  # of an offer
PART_SIZE = 8 * 2**20
LARGEST_MANIFEST = 4 * 2**20
ANSWERS_FILE = 0  # the first file of every envelope holds the answers
# What an offer may say of itself: the reference that its supplier gives it, and the guarantee of its seriousness.
ABOUT = ("reference", "guarantee", "guarantor")
LONGEST_ABOUT = 200
LONGEST_SUMMARY = 4000  # of a variant
HEX = re.compile(r"[0-9a-f]{64}")
SUBMISSION = re.compile(r"[0-9a-f]{32}")
WORD = re.compile(r"[\x21-\x7e]{0,100}")  # what the manifest says in clear is plain ASCII

Json = dict[str, Any]
PutPart = Callable[[str, bytes], None]  # sha256, bytes
GetPart = Callable[[str], bytes]


class BadSeal(ValueError):
    """The envelope is not as the process asks. `code` is stable; `where` says which piece."""

    def __init__(self, code: str, where: str = "") -> None:
        self.code, self.where = code, where
        super().__init__(f"{code}: {where}" if where else code)


class BadShare(Exception):
    """A piece does not keep its promise. `who` broke it: "supplier", "custodian" or a member; `why` is stable.

    `file_key` (hex), when there is one, proves it: it opens that one lock for everybody (agefiles.content_with).
    """

    def __init__(self, who: str, why: str, file_key: str = "") -> None:
        self.who, self.why, self.file_key = who, why, file_key
        super().__init__(f"{who}: {why}")


def canonical(value: Json) -> bytes:
    """The bytes that stand for a JSON value; the browser writes the same ones."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(value: Json) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def require(condition: object, code: str, where: str = "") -> None:
    if not condition:
        raise BadSeal(code, where)


def require_keys(value: Any, expected: str, where: str) -> None:
    require(isinstance(value, dict) and sorted(value) == sorted(expected.split()), "bad_shape", where)
