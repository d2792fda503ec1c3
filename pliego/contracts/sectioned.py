"""What a contract knows of its own sections: where each keeps what it says, and what is still missing."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from pliego.conditions.guarantees import OF_ADVANCE
from pliego.conditions.paying import advance_of
from pliego.kernel.objections import Objection


class Sectioned:
    """Mixed into `Contract`. The sections are `pliego.contracts.sections`, which read and write through it."""

    @property
    def rulebook(self: Any) -> Any:
        return self.tender.rulebook

    @property
    def is_direct(self: Any) -> bool:
        """Whether the law asked for a reason to contract it without competition."""
        return bool(self.rulebook.causals) and not self.tender.has_bidding

    @property
    def offer_id(self: Any) -> int | None:
        """The offer that won it, where there was one."""
        return self.award.bid_id if self.award_id else None

    def row_of(self: Any, code: str) -> Any:
        """The row of a section, if anything was kept in it; all of them are read at once."""
        prefetch_related_objects([self], "parts__saved_by")
        return next((row for row in self.parts.all() if row.code == code), None)

    def part(self, code: str) -> dict[str, Any]:
        row = self.row_of(code)
        return row.content if row else {}

    def keep_part(self: Any, code: str, content: dict[str, Any]) -> None:
        self.parts.update_or_create(code=code, defaults={"content": content})
        self._forget("parts")

    def other_has_number(self: Any, number: str) -> bool:
        """Whether another contract of the entity has that number."""
        rows = type(self).objects.filter(buyer_id=self.buyer_id, number=number.strip())
        return bool(rows.exclude(pk=self.pk).exists())

    def put_lines(self: Any, rows: Iterable[Any]) -> None:
        """Put these lines in the place of those that there are; a line keeps the lot of its number."""
        lots = dict(self.lines.values_list("number", "lot"))
        self.lines.all().delete()
        self.lines.bulk_create(
            self.lines.model(
                contract=self,
                number=row.number,
                lot=lots.get(row.number),
                unspsc=row.unspsc,
                description=row.description,
                quantity=row.quantity,
                unit=row.unit,
                unit_price_amount=row.unit_price,
            )
            for row in rows
        )
        self._forget("lines")

    def _forget(self: Any, relation: str) -> None:
        vars(self).get("_prefetched_objects_cache", {}).pop(relation, None)

    def cover_asked(self, cover: str) -> Any:
        """What the section of conditions asks of that cover; None when it does not ask for it."""
        from pliego.contracts.sections.terms import TERMS  # they read this model

        return next((row for row in TERMS.content(self).covers if row.cover == cover), None)

    def paid_before(self: Any, cover: str) -> Decimal | None:
        """What was agreed to pay in advance, where that is what the cover is of; it does not grow with the value."""
        from pliego.contracts.sections.terms import TERMS  # they read this model

        terms = TERMS.content(self)
        return advance_of(self.initial_amount, terms) if OF_ADVANCE.get(terms.advance_kind) == cover else None

    def lacking(self, at: datetime) -> list[Objection]:
        """What its sections still lack before it goes to the supplier."""
        from pliego.contracts import sections  # they read this model

        return sections.lacking(self, at)

    @property
    def starts_with_record(self) -> bool:
        """Whether its section of performance asks for a record of the start that both sign."""
        from pliego.contracts.sections import PERFORMANCE  # they read this model

        return bool(PERFORMANCE.content(self).start_record == "yes")

    @property
    def has_start_record(self: Any) -> bool:
        return any(row.state == "accepted" for row in self.start_records.all())

    def missing_papers(self, moment: str) -> list[Objection]:
        """What the contractor must have attached by then, and has not."""
        from pliego.contracts.sections import papers  # they read this model

        return list(papers.missing(self, moment))
