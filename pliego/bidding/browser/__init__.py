"""The source of the page's script. What is served is the bundle built from it (README: “The bundle”)."""

import hashlib
from functools import cache
from pathlib import Path

BUNDLE = Path(__file__).parents[1] / "static" / "bidding" / "sealing.js"


@cache
def bundle_hash() -> str:
    """What each receipt says about the script that sealed its offer."""
    return hashlib.sha256(BUNDLE.read_bytes()).hexdigest()
