"""Public test material that lies beside the repository on a developer's machine, never inside it."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared"


def path(name: str) -> Path:
    """The folder of that material; the test skips, and says so, where it is absent."""
    if not has(name):
        pytest.skip(f"{name}: the public test material is not on this machine")
    return _folder(name)


def has(name: str) -> bool:
    return _folder(name).exists()


def _folder(name: str) -> Path:
    return Path(os.environ.get("PLIEGO_TEST_MATERIAL", str(BESIDE))) / name
