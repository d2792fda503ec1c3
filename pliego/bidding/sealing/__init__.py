"""Sealed offers with two locks ("doble llave"): the format, how to make one, check one and open one.

Guarantees: each envelope has a fresh identity S, and every file of it is a stock age file to recipient(S). S = A xor
B; A is cut t-of-n among the opening members, B is for the custodian, each piece a small age file beside the SHA-256 of
what it holds. Whoever has the manifest and the parts has nothing readable; t members and the custodian together open
all of it; a piece that does not keep its promise names who broke it. Plain Python: no database, no settings.
"""

from pliego.bidding.sealing.checking import check_header, check_manifest, part_sizes
from pliego.bidding.sealing.format import (
    ABOUT,
    ANSWERS_FILE,
    LARGEST_MANIFEST,
    LONGEST_SUMMARY,
    PART_SIZE,
    BadSeal,
    BadShare,
    canonical,
    hash_of,
    sha256,
)
from pliego.bidding.sealing.making import Attachment, Contents, Variant, seal, seal_envelope
from pliego.bidding.sealing.opening import (
    check_piece,
    cut_to_size,
    open_answers,
    open_envelope,
    open_file,
    proves_bad_lock,
    recover,
    unwrap,
)

__all__ = [
    "ABOUT",
    "ANSWERS_FILE",
    "LARGEST_MANIFEST",
    "LONGEST_SUMMARY",
    "PART_SIZE",
    "Attachment",
    "BadSeal",
    "BadShare",
    "Contents",
    "Variant",
    "canonical",
    "check_header",
    "check_manifest",
    "check_piece",
    "cut_to_size",
    "hash_of",
    "open_answers",
    "open_envelope",
    "open_file",
    "part_sizes",
    "proves_bad_lock",
    "recover",
    "seal",
    "seal_envelope",
    "sha256",
    "unwrap",
]
