from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("auctions", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(name="auction", options={"ordering": ["tender", "lot", "training"]}),
        migrations.RemoveConstraint(model_name="auction", name="auctions_one_per_lot"),
        migrations.AddField(
            model_name="auction", name="training", field=models.PositiveIntegerField(default=0, db_default=0)
        ),
        migrations.AddConstraint(
            model_name="auction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "void"), _negated=True),
                fields=("tender", "lot", "training"),
                name="auctions_one_per_lot",
                nulls_distinct=False,
            ),
        ),
    ]
