import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Alone in its transaction, so that the lock on the contracts is short."""

    dependencies = [
        ("awards", "0003_variants"),
        ("contracts", "0004_sections"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contract",
            name="award",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="contract", to="awards.award"
            ),
        ),
    ]
