"""What the planning room announces."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class PlanPublished(Event):
    """data: code, account, account_name, year, version, lines, total, currency, reason, snapshot (SHA-256)."""

    code = "plan.published"
    title = _("Annual plan published")


class PlanLoaded(Event):
    """data: plan, year, load, name, sha256, added, changed, dropped, tell (who did not wait before the page).

    What the lines say is a draft: only the account reads it.
    """

    code = "plan.loaded"
    title = _("File of lines written into the annual plan")
    public = False


class PlanFileRead(Event):
    """data: plan, year, load, name, sha256, rows, wrong, tell. Only of files that a job read."""

    code = "plan.file_read"
    title = _("File of lines of the annual plan read")
    public = False


class PlanFileUnread(Event):
    """data: plan, year, load, name, sha256, reason, tell. Only of files that a job could not read."""

    code = "plan.file_unread"
    title = _("File of lines of the annual plan that could not be read")
    public = False
