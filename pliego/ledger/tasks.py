"""Jobs of the ledger."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pliego.ledger import outbox


@app.task(name="ledger.react", queue="reactions", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def react(entry_id: int, reaction: str) -> None:
    """Let one subscriber hear one act."""
    outbox.run_reaction(entry_id=entry_id, reaction=reaction)
