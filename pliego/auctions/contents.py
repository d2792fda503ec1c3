"""What this room adds to the pliego, and to how offers are put in order."""

from pliego.auctions import outcome  # noqa: F401 - registers how the auction orders the offers
from pliego.auctions.section import TERMS
from pliego.tendering.sections import register

register(TERMS)
