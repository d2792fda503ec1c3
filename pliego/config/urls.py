"""Every room gives its own whole paths; English pages are the same paths under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from pliego.config import health
from pliego.config.api import api

ROOMS_WITH_PAGES = [room for room in settings.ROOMS if room != "kernel"]

urlpatterns = [
    path("-/listo", health.ready),
    path("-/metricas", health.metrics),
    path("api/v1/", api.urls),
    *i18n_patterns(
        *(path("", include(f"pliego.{room}.urls")) for room in ROOMS_WITH_PAGES),
        prefix_default_language=False,
    ),
]

handler400 = "pliego.web.errors.bad_request"
handler403 = "pliego.web.errors.forbidden"
handler404 = "pliego.web.errors.not_found"
handler500 = "pliego.web.errors.server_error"
