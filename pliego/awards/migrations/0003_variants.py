from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0002_lots"),
    ]

    operations = [
        migrations.AddField(
            model_name="award",
            name="is_variant",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
