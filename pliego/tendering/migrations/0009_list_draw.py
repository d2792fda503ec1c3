from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tendering", "0008_prequalification"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidacy",
            name="stays",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AlterField(
            model_name="prequalificationact",
            name="kind",
            field=models.CharField(
                choices=[("report", "Report"), ("draw", "Draw announced"), ("list", "List")], max_length=10
            ),
        ),
    ]
