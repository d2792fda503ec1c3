"""The API: every room's router under one OpenAPI document, with one shape of error."""

from importlib import import_module

from django.conf import settings

from pliego.web.api import build

api = build()
for room in reversed(settings.ROOMS):
    if room != "kernel":
        api.add_router("", import_module(f"pliego.{room}.api").router)
