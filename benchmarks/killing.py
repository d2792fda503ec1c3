"""Server, sequencer, signer and database killed at random while offers are presented until their deadline passes."""

from tests.killing import run as killing


def run(acknowledged: int) -> None:
    """With more suppliers and processes than in the tests, two workers of the server, and planted defects after it."""
    for figures in killing.run(acknowledged, control=400, suppliers=24, processes=8, workers=2, every=500):
        print("\n".join(figures.lines), flush=True)
