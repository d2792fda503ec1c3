import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    """The table was made by tendering; from here on this room owns it."""

    initial = True

    dependencies = [
        ("parties", "0001_initial"),
        ("tendering", "0004_enquiries_leave"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Enquiry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=24, unique=True)),
                        ("number", models.PositiveIntegerField()),
                        ("text", models.TextField(max_length=4000)),
                        ("asked_at", models.DateTimeField()),
                        ("answer", models.TextField(blank=True, max_length=8000)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("account", models.ForeignKey(on_delete=PROTECT, related_name="+", to="parties.account")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "tender",
                            models.ForeignKey(on_delete=PROTECT, related_name="enquiries", to="tendering.tender"),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "db_table": "tendering_enquiry",
                        "constraints": [
                            models.UniqueConstraint(fields=("tender", "number"), name="tendering_one_enquiry")
                        ],
                    },
                ),
            ],
        ),
    ]
