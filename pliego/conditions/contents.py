"""The conditions of the pliego, in the order of their pages."""

from pliego.conditions.agreements import AGREEMENTS
from pliego.conditions.lots import LOTS
from pliego.conditions.mipyme import MIPYME
from pliego.conditions.money import MONEY
from pliego.conditions.publicity import PUBLICITY
from pliego.conditions.visits import VISIT
from pliego.tendering import contents as first  # noqa: F401 - the sections of tendering come before these
from pliego.tendering.sections import register

CONDITIONS = (AGREEMENTS, LOTS, MONEY, VISIT, MIPYME, PUBLICITY)
register(*CONDITIONS)
