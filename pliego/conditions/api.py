"""Conditions over the API: `GET` and `PUT /tenders/{code}/sections/{part}` of tendering serve every section."""

from pliego.web.api import Router

router = Router(tags=["conditions"])
