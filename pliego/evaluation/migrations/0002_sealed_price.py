from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0004_moments"),
        ("evaluation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assessment",
            name="evaluation_complying_has_a_price",
        ),
        migrations.AddField(
            model_name="assessment",
            name="price_is_sealed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("complies", True), _negated=True),
                    ("price_amount__isnull", False),
                    ("price_is_sealed", True),
                    _connector="OR",
                ),
                name="evaluation_complying_has_a_price",
            ),
        ),
    ]
