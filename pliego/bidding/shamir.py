"""Shamir's secret sharing over GF(2^8), byte by byte.

Guarantees: any `threshold` shares of one split give the secret back, fewer say nothing about it. A share is the bytes
of the polynomials at x, followed by x itself: the form of HashiCorp Vault and of the browser's library, checked
against both in the tests.
"""

import secrets
from collections.abc import Sequence

_EXP, _LOG = [0] * 510, [0] * 256


def _fill_tables() -> None:
    value = 1
    for power in range(255):
        _EXP[power] = _EXP[power + 255] = value
        _LOG[value] = power
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)  # times 3, a generator of the field of AES


_fill_tables()


def multiplied(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def divided(a: int, b: int) -> int:
    if not b:
        raise ZeroDivisionError
    return _EXP[_LOG[a] - _LOG[b] + 255] if a else 0


def split(secret: bytes, shares: int, threshold: int) -> list[bytes]:
    """Cut a secret into `shares` pieces, of which any `threshold` give it back."""
    if not (secret and 2 <= threshold <= shares <= 255):
        raise ValueError("2 <= threshold <= shares <= 255")
    places = secrets.SystemRandom().sample(range(1, 256), shares)
    polynomials = [(byte, *secrets.token_bytes(threshold - 1)) for byte in secret]
    return [bytes([*(_value(polynomial, x) for polynomial in polynomials), x]) for x in places]


def _value(coefficients: Sequence[int], x: int) -> int:
    out = 0
    for coefficient in reversed(coefficients):
        out = multiplied(out, x) ^ coefficient
    return out


def combine(shares: Sequence[bytes]) -> bytes:
    """Give back the secret that the shares interpolate. Wrong or too few shares give another secret, not an error."""
    places = [share[-1] for share in shares]
    if len(set(places)) != len(places) or 0 in places or len({len(share) for share in shares}) != 1:
        raise ValueError("the shares are not of one split")
    out = bytearray(len(shares[0]) - 1)
    for share, x in zip(shares, places, strict=True):
        weight = 1
        for other in places:
            if other != x:
                weight = multiplied(weight, divided(other, other ^ x))
        for position in range(len(out)):
            out[position] ^= multiplied(weight, share[position])
    return bytes(out)
