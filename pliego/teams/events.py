"""What this room announces, in the account's file. Each carries the whole of what it leaves; none of it is public."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class TeamsSwitched(Event):
    """data: scope, is_on."""

    code = "teams.switched"
    title = _("Work with teams turned on or off")
    public = False


class TeamSaved(Event):
    """data: code, scope, name, is_active, members (each with person or group, and the sections it edits)."""

    code = "team.saved"
    title = _("Team saved")
    public = False


class TeamChosen(Event):
    """data: scope, subject (code of the plan or process), about, team and name (empty: none any more)."""

    code = "team.chosen"
    title = _("Team chosen for a draft")
    public = False
