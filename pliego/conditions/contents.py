"""The conditions of the pliego, in the order of their pages."""

from pliego.conditions.agreements import AGREEMENTS
from pliego.conditions.criteria import CRITERIA, PRICE_DECIDES
from pliego.conditions.guarantees import GUARANTEES
from pliego.conditions.lots import LOTS
from pliego.conditions.mipyme import MIPYME
from pliego.conditions.money import MONEY
from pliego.conditions.payments import PAYMENTS
from pliego.conditions.publicity import PUBLICITY
from pliego.conditions.risks import RISKS
from pliego.conditions.shortlist import SHORTLIST
from pliego.conditions.variants import VARIANTS
from pliego.conditions.visits import VISIT
from pliego.tendering import contents as first  # noqa: F401 - the sections of tendering come before these
from pliego.tendering.sections import register

CONDITIONS = (
    AGREEMENTS, LOTS, MONEY, PAYMENTS, GUARANTEES, RISKS, VISIT, MIPYME, SHORTLIST, PUBLICITY, VARIANTS, CRITERIA,
)  # fmt: skip
register(*CONDITIONS, PRICE_DECIDES)
