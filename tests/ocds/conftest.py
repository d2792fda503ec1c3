import pytest


@pytest.fixture(autouse=True)
def _away(tmp_path, monkeypatch):
    """The checker writes a file into the folder it is run from: let that be nobody's."""
    monkeypatch.chdir(tmp_path)
