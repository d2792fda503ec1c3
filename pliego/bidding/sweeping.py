"""What suppliers sent and no offer used is forgotten after a term: parts of ciphertext, dead drafts, halves of files.

Guarantees: a part that an offer names, standing, replaced or withdrawn, stays for ever; so does one that a draft names
while its process may still receive offers; a part that is being presented at this moment is left alone.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from pliego.bidding import parts
from pliego.bidding.models import EnvelopePart, Part, SealedDraft
from pliego.bidding.services import hold_part

OVER = (
    "closed",
    "opened",
    "awarded",
    "deserted",
    "cancelled",
    "revoked",
    "finished",
)  # a process that receives nothing any more
AT_ONCE = 2000


def sweep(*, at: datetime) -> dict[str, int]:
    """Forget what is older than the term; answers how many of each."""
    before = at - timedelta(days=settings.PLIEGO_BID_PART_DAYS)
    drafts, _rows = SealedDraft.objects.filter(saved_at__lt=before, tender__state__in=OVER).delete()
    old = Part.objects.filter(sent_at__lt=before).unnamed().order_by("sent_at")
    swept = [forget(*each, before) for each in old.values_list("supplier_id", "sha256")[:AT_ONCE]]
    return {"drafts": drafts, "parts": sum(swept), "halves": parts.forget_halves(at - timedelta(days=1))}


@transaction.atomic
def forget(supplier_id: int, sha256: str, before: datetime) -> bool:
    """Forget one part, unless meanwhile somebody sent it again, presented it, or is doing so."""
    hold_part(sha256)
    rows = Part.objects.filter(supplier_id=supplier_id, sha256=sha256, sent_at__lt=before)
    part = rows.select_for_update(skip_locked=True).first()
    if part is None or EnvelopePart.objects.filter(supplier_id=supplier_id, sha256=sha256).exists():
        return False
    if SealedDraft.objects.filter(supplier_id=supplier_id, parts__contains=sha256).exists():
        return False
    part.delete()
    if not Part.objects.filter(sha256=sha256).exists():
        parts.forget(sha256)
    return True
