"""Why a lot may be declared void: a closed list, because only what prevents an objective choice allows it.

Ley 80 de 1993, art. 25, num. 18: the act says the reasons expressly and in detail, so each comes with a justification.
"""

from django.utils.translation import gettext_lazy as _

CAUSES = (
    ("no_offers", _("Nobody offered for it")),
    ("none_complies", _("No offer for it complies")),
)
