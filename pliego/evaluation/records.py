"""What a report gives besides its PDF: the record of all its sums, a table for a spreadsheet, and a program that makes
its order again."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from pliego.conditions import formulas
from pliego.conditions.formulas import Formula
from pliego.evaluation import points, queries, recount, rules, weighing
from pliego.evaluation.models import Evaluation, Report, Score
from pliego.evaluation.points import Offer
from pliego.evaluation.scoring import Ranked
from pliego.evaluation.weighing import Table

PROGRAM = {"pliego/conditions/formulas.py": formulas, "pliego/evaluation/points.py": points,
           "pliego/evaluation/recount.py": recount}  # fmt: skip
START = "import sys\n\nfrom pliego.evaluation.recount import main\n\nsys.exit(main([sys.argv[0]]))\n"
AS_THEY_WERE = (2026, 1, 1, 0, 0, 0)  # the same report is the same file, byte by byte


def record_of(evaluation: Evaluation, number: int) -> dict[str, Any]:
    """All that the order is computed from, of the whole or of each lot, and the order."""
    broken = queries.ties_broken(evaluation)
    tables = {table.lot: table for table in weighing.tables_of(evaluation, queries.assessments_of(evaluation))}
    parts = []
    for lot, order in queries.orders_of(evaluation).items():
        table = tables.get(lot) or _of_prices(lot, order)
        parts.append(
            {
                "lot": lot,
                "official": str(table.official),
                "formula": _formula(table.formula),
                "factors": [
                    {"number": f.number, "kind": f.kind, "title": f.title, "most": str(f.most)} for f in table.factors
                ],
                "offers": [_offer(offer) for offer in table.offers],
                "tie_breaks": broken.get(lot, []),
                "is_sale": rules.is_sale(evaluation.tender),
                "order": [{"bid": r.code, "rank": r.rank, "worth": _worth(r)} for r in order if _is_computed(r)],
            }
        )
    rate = evaluation.exchange_rate
    return {
        "format": "pliego-report/1",
        "process": evaluation.tender.code,
        "number": number,
        "exchange_rate": str(rate) if rate is not None else "",
        "exchange_source": evaluation.exchange_source,
        "parts": parts,
        "members": members_of(evaluation),
    }


def members_of(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What each member alone thought of the offers that comply: it is public with the report, never before."""
    titles = {factor.number: factor.title for factor in weighing.judged_of(evaluation.tender)}
    rows = Score.objects.filter(assessment__evaluation=evaluation, assessment__complies=True, factor__in=titles)
    rows = rows.select_related("member", "assessment__bid__supplier__organization")
    return [
        {
            "bid": row.assessment.bid.code,
            "supplier_name": row.assessment.bid.supplier.name,
            "factor": row.factor,
            "title": titles[row.factor],
            "member": row.member.full_name,
            "points": points.text(row.points),
            "reason": row.reason,
        }
        for row in rows.order_by("assessment__bid__received_at", "assessment_id", "factor", "member__full_name", "pk")
    ]


def _of_prices(lot: int | None, order: list[Ranked]) -> Table:
    offers = [Offer(code=ranked.code, price=ranked.price) for ranked in order if ranked.price is not None]
    return Table(lot, Decimal(0), None, [], offers)


def _formula(formula: Formula | None) -> dict[str, Any] | None:
    if formula is None:
        return None
    share = str(formula.official_share)
    return {"kind": formula.kind, "most": str(formula.most), "decimals": formula.decimals, "official_share": share}


def _offer(offer: Offer) -> dict[str, Any]:
    given = {
        str(number): {
            "points": points.text(one.points),
            **({"staff": one.staff, "with_disability": one.with_disability} if one.staff is not None else {}),
        }
        for number, one in offer.given.items()
    }
    price = str(offer.price) if offer.price is not None else ""
    return {"bid": offer.code, "price": price, "is_fined": offer.is_fined, "given": given}


def _is_computed(ranked: Ranked) -> bool:
    """The only offer that complies has its place before anything of it is computed: its price is still sealed."""
    return ranked.points is not None or ranked.price is not None


def _worth(ranked: Ranked) -> str:
    return points.text(ranked.points if ranked.points is not None else ranked.price or 0)


def table_of(report: Report) -> bytes:
    """The ranking as CSV, for a spreadsheet: a line for each offer, and a column for each factor and for what each
    member thought of it."""
    titles: dict[int, str] = {}
    for row in report.ranking:
        titles |= {score["factor"]: score["title"] or _("Fine") for score in row.get("scores", [])}
    alone = {(one["bid"], one["title"], one["member"]): one["points"] for one in report.record.get("members", [])}
    thought = list(dict.fromkeys((title, member) for _bid, title, member in alone))
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    with translation.override("es-co"):
        heads = [_("Lot"), _("Place"), _("Offer"), _("Supplier"), _("Price"), _("Complies")]
        own = [_plain(f"{title}: {member}") for title, member in thought]
        writer.writerow([*heads, *titles.values(), *([_("Points")] if titles else []), *own])
        for row in report.ranking:
            given = {score["factor"]: score["points"] for score in row.get("scores", [])}
            said = _("Yes") if row["complies"] else _("No")
            place, name = row["rank"] or "", _plain(row["supplier_name"])
            whole = [row.get("lot", ""), place, row["bid"], name, row["price"], said]
            added = [given.get(number, "") for number in titles]
            own = [alone.get((row["bid"], *one), "") for one in thought]
            writer.writerow([*whole, *added, *([row.get("points", "")] if titles else []), *own])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _plain(text: str) -> str:
    """No cell of ours is a formula of a spreadsheet."""
    return f"'{text}" if text[:1] in "=+-@\t" else text


def program_of(report: Report) -> bytes:
    """A file that `python` runs: it prints every sum and says whether the published order is what comes out."""
    told = {recount.RECORD: json.dumps(report.record, ensure_ascii=False, indent=1), "__main__.py": START}
    told |= {"pliego/__init__.py": "", "pliego/conditions/__init__.py": "", "pliego/evaluation/__init__.py": ""}
    for place, module in PROGRAM.items():
        told[place] = Path(str(module.__file__)).read_text(encoding="utf-8")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in told.items():
            archive.writestr(zipfile.ZipInfo(name, AS_THEY_WERE), text)
    return file.getvalue()
