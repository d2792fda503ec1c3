"""What this room announces, in the file of the plural bidder's own account. Before it is active, nothing is public."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class GroupInvited(Event):
    code = "plural.invited"
    title = _("Members of a plural bidder invited")
    public = False


class MemberAccepted(Event):
    code = "plural.member_accepted"
    title = _("Plural bidder accepted by a member")
    public = False


class MemberRefused(Event):
    code = "plural.member_refused"
    title = _("Plural bidder refused by a member")
    public = False


class GroupActivated(Event):
    code = "plural.activated"
    title = _("Plural bidder active")


class GroupAmended(Event):
    code = "plural.amended"
    title = _("Terms of a plural bidder changed")
    public = False


class GroupEnded(Event):
    code = "plural.ended"
    title = _("Plural bidder ended before it was active")
    public = False


class GroupDissolved(Event):
    code = "plural.dissolved"
    title = _("Plural bidder dissolved")
