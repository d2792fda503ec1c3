"""What the planning room announces."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class PlanPublished(Event):
    """data: code, account, account_name, year, version, lines, total, currency, reason, snapshot (SHA-256)."""

    code = "plan.published"
    title = _("Annual plan published")


class PlanLoaded(Event):
    """data: plan, year, load, sha256, added, changed, dropped. What the lines say is a draft: only the account reads it."""

    code = "plan.loaded"
    title = _("File of lines written into the annual plan")
    public = False
