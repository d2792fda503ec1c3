"""Outside parties that cosign the heads of the log."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_entry_person")]

    operations = [
        migrations.CreateModel(
            name="Witness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True)),
                ("vkey", models.CharField(max_length=200, unique=True)),
                ("institution", models.CharField(max_length=200)),
                ("registered_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="ledger.checkpoint",
                    ),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cosignatures", to="ledger.witness"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("cosigned_at", models.DateTimeField()),
                ("line", models.TextField()),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["size", "witness"], name="ledger_cosigned_by_size"),
                    models.Index(fields=["witness", "size"], name="ledger_cosigned_by_witness"),
                    models.Index(fields=["size"], name="ledger_witnessed_heads", condition=models.Q(("place__gte", 2))),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["checkpoint", "witness", "cosigned_at"], name="ledger_one_cosignature_a_second"
                    )
                ],
            },
        ),
    ]
