"""The conditions of the pliego, in the order of their pages."""

from pliego.conditions.lots import LOTS
from pliego.tendering.sections import register

CONDITIONS = (LOTS,)
register(*CONDITIONS)
