import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tendering", "0004_enquiries_leave"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(default="es-co", max_length=5)),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("at_once", "A mail at once"),
                            ("daily", "One mail a day, when there is something new"),
                            ("inbox", "Only in my notices"),
                        ],
                        max_length=8,
                    ),
                ),
                ("secret", models.CharField(max_length=40, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("told_up_to", models.BigIntegerField(default=0)),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tendering.tender"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["delivery", "tender"], name="following_daily")],
                "constraints": [
                    models.UniqueConstraint(fields=("tender", "user"), name="following_once_a_person"),
                    models.UniqueConstraint(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=("tender", "address"),
                        name="following_once_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address", ""), ("confirmed_at__isnull", False), ("user__isnull", False)),
                            models.Q(
                                ("user__isnull", True),
                                models.Q(("address", ""), _negated=True),
                                models.Q(("delivery", "inbox"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="following_a_person_or_an_address",
                    ),
                ],
            },
        ),
    ]
