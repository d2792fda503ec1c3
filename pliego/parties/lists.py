"""The closed lists of the registration form (guide CCE-SEC-GI-12, section 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Order(models.TextChoices):
    NATIONAL = "national", _("National")
    TERRITORIAL = "territorial", _("Territorial")


class Branch(models.TextChoices):
    EXECUTIVE = "executive", _("Executive")
    LEGISLATIVE = "legislative", _("Legislative")
    JUDICIAL = "judicial", _("Judicial")
    CONTROL = "control", _("Control bodies")
    ELECTORAL = "electoral", _("Electoral organisation")
    AUTONOMOUS = "autonomous", _("Autonomous bodies")


class Sector(models.TextChoices):
    AGRICULTURE = "agriculture", _("Agriculture")
    ENVIRONMENT = "environment", _("Environment and sustainable development")
    SCIENCE = "science", _("Science, technology and innovation")
    TRADE = "trade", _("Trade, industry and tourism")
    CULTURE = "culture", _("Culture")
    DEFENCE = "defence", _("Defence")
    SPORT = "sport", _("Sport")
    EDUCATION = "education", _("Education")
    PUBLIC_EMPLOYMENT = "public_employment", _("Civil service")
    EQUALITY = "equality", _("Equality")
    TREASURY = "treasury", _("Treasury and public credit")
    SOCIAL_INCLUSION = "social_inclusion", _("Social inclusion")
    STATISTICS = "statistics", _("Statistics")
    INTELLIGENCE = "intelligence", _("Intelligence")
    INTERIOR = "interior", _("Interior")
    JUSTICE = "justice", _("Justice and law")
    MINES = "mines", _("Mines and energy")
    PLANNING = "planning", _("Planning")
    PRESIDENCY = "presidency", _("Presidency of the Republic")
    FOREIGN = "foreign", _("Foreign affairs")
    HEALTH = "health", _("Health and social protection")
    PUBLIC_SERVICE = "public_service", _("Public service")
    ICT = "ict", _("Information and communications technology")
    LABOUR = "labour", _("Labour")
    TRANSPORT = "transport", _("Transport")
    HOUSING = "housing", _("Housing, cities and territory")


class EntityType(models.TextChoices):
    MINISTRY = "ministry", _("Ministry or administrative department")
    AGENCY = "agency", _("Special administrative unit or agency")
    CENTRAL_PURCHASING = "central_purchasing_body", _("National central purchasing body")
    PUBLIC_ESTABLISHMENT = "public_establishment", _("Public establishment")
    SUPERINTENDENCE = "superintendence", _("Superintendence")
    STATE_COMPANY = "state_company", _("State industrial and commercial company")
    MIXED_COMPANY = "mixed_company", _("Mixed-economy company")
    SOCIAL_COMPANY = "social_company", _("State social company")
    DEPARTMENT = "department", _("Department")
    MUNICIPALITY = "municipality", _("Municipality or district")
    ASSEMBLY = "assembly", _("Assembly or council")
    CONTROL_BODY = "control_body", _("Control body")
    UNIVERSITY = "university", _("Public university")
    SCHOOL = "school", _("Public school")
    CORPORATION = "corporation", _("Autonomous corporation")
    PRIVATE = "private", _("Private entity with public money")
    OTHER = "other", _("Other")


class BusinessArea(models.TextChoices):
    PUBLIC = "public", _("Public")
    MIXED = "mixed", _("Public and private")
    PRIVATE = "private", _("Private")


class PaperAudience(models.TextChoices):
    """Who may read a document of the registration, once the account is active."""

    OWNER = "desk", _("Only this account and the service desk")
    BUYERS = "buyers", _("State entities with an account")
    PUBLIC = "public", _("Everybody")
