"""Public test material that lies beside the repository on a developer's machine, never inside it."""

from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared"


def path(name: str) -> Path:
    """The folder of that material; the test skips, and says so, where it is absent."""
    import os

    folder = Path(os.environ.get("PLIEGO_TEST_MATERIAL", str(BESIDE))) / name
    if not folder.exists():
        pytest.skip(f"{name}: the public test material is not on this machine")
    return folder
