"""What everybody may follow of an opening (`web.live`): its public acts, and how it stands. Nothing before the closing
record tells how many offers there are."""

from pliego.bidding import watching
from pliego.bidding.telling import PREFIX
from pliego.kernel import clock
from pliego.kernel.dates import instant
from pliego.kernel.objections import Unknown
from pliego.tendering.models import Tender
from pliego.web import live


def told(code: str, after: int) -> live.Told:
    tender = Tender.objects.public().select_related("buyer").filter(code=code).first()
    if tender is None or not tender.has_bidding:
        raise Unknown()
    acts = [(line.number, told_line(line)) for line in watching.lines(tender, after)]
    return live.Told(acts, told_standing(watching.standing(tender, clock.now())))


def told_line(line: watching.Line) -> bytes:
    shown = {"at": line.at.isoformat(), "instant": instant(line.at), "text": line.text, "url": line.entry.url}
    return live.event("acto", {**shown, "receipt": line.entry.code}, line.number)


def told_standing(standing: watching.Standing) -> bytes:
    told = {
        "phase": standing.phase,
        "title": str(standing.title),
        "awaited": list(standing.awaited),
        "halves": watching.halves_told(standing),
        "given": [[number, what] for number, _who, what in watching.given_by(standing)],
        "moment": standing.moment,
    }
    return live.event("estado", told)


STREAM = live.Stream(PREFIX, told, look=2.0)
