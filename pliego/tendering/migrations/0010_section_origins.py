import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tendering", "0009_list_draw"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SectionOrigin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=24)),
                ("version", models.PositiveIntegerField(default=0)),
                ("title", models.CharField(max_length=200)),
                ("copied_at", models.DateTimeField()),
                (
                    "copied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="origins", to="tendering.tender"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tender", "part"), name="tendering_one_origin")],
            },
        ),
    ]
