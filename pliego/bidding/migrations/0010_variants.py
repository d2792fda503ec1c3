from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0009_key_replacement"),
    ]

    operations = [
        migrations.AddField(
            model_name="bid",
            name="has_variant",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="bid",
            name="variant_amount",
            field=models.DecimalField(decimal_places=2, max_digits=20, null=True),
        ),
        migrations.AddField(
            model_name="biddocument",
            name="in_variant",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="bid",
            constraint=models.CheckConstraint(
                condition=models.Q(("variant_amount__isnull", True), ("has_variant", True), _connector="OR"),
                name="bidding_amount_of_a_variant",
            ),
        ),
    ]
