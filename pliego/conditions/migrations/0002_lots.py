from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models


def write_the_lots(apps, schema_editor):
    """Each lot that a pliego already has becomes a row, open as all are until somebody decides it."""
    lot, kept = apps.get_model("conditions", "Lot"), apps.get_model("tendering", "KeptSection")
    for section in kept.objects.filter(code="lots").iterator():
        lot.objects.bulk_create(
            lot(
                tender_id=section.tender_id,
                number=row["number"],
                title=row["title"],
                value_amount=None if row.get("value") is None else Decimal(row["value"]),
            )
            for row in section.content.get("lots", [])
            if row.get("number") is not None
        )


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0001_limitation_requests"),
        ("tendering", "0008_prequalification"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("value_amount", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("value_currency", models.CharField(default="COP", max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("void", "Declared void"),
                            ("awarded", "Awarded"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="tendering.tender"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("tender", "number"), name="conditions_one_lot_number"),
                    models.CheckConstraint(
                        condition=models.Q(("value_amount__gte", 0)), name="conditions_lot_value_not_negative"
                    ),
                ],
            },
        ),
        migrations.RunPython(write_the_lots, migrations.RunPython.noop),
    ]
