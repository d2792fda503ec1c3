"""An opening may be reinforced, and a key says what protects it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tendering", "0011_plan_lines")]

    operations = [
        migrations.AddField("tender", "is_reinforced", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "tender",
            "reinforced_reason",
            models.TextField(blank=True, db_default="", default="", max_length=2000),
        ),
        migrations.AddField("tender", "reinforced_with", models.JSONField(blank=True, db_default={}, default=dict)),
        migrations.AddField(
            "openingkey",
            "kept_by",
            models.CharField(
                blank=True,
                choices=[
                    ("passkey", "a passkey"),
                    ("passphrase", "a passphrase"),
                    ("other", "its owner's own means"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
    ]
