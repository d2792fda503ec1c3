"""Tables of the electronic pliego."""

from pliego.tendering.models.amending import Amendment, Suspension, TenderVersion
from pliego.tendering.models.opening import CustodianKey, OpeningKey, OpeningMember
from pliego.tendering.models.questionnaire import PriceLine, PriceLoad, QuestionnaireItem, TenderDocument
from pliego.tendering.models.taking_part import Candidacy, Draw, Interest, Invitation, PrequalificationAct
from pliego.tendering.models.tender import KeptSection, Milestone, PlannedLine, SectionOrigin, SectionVisit, Tender

__all__ = [
    "Amendment",
    "Candidacy",
    "CustodianKey",
    "Draw",
    "Interest",
    "Invitation",
    "KeptSection",
    "Milestone",
    "OpeningKey",
    "OpeningMember",
    "PlannedLine",
    "PrequalificationAct",
    "PriceLine",
    "PriceLoad",
    "QuestionnaireItem",
    "SectionOrigin",
    "SectionVisit",
    "Suspension",
    "Tender",
    "TenderDocument",
    "TenderVersion",
]
