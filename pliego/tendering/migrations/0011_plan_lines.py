"""A process comes from one or more lines of the plan; until now from one at most."""

from django.db import migrations, models


def keep_the_line(apps, schema_editor):
    tender, planned = (apps.get_model("tendering", name) for name in ("Tender", "PlannedLine"))
    linked = tender.objects.filter(plan_line__isnull=False).values_list("pk", "plan_line_id")
    planned.objects.bulk_create((planned(tender_id=pk, line_id=line) for pk, line in linked), batch_size=2000)


def keep_the_first(apps, schema_editor):
    """Back: a process keeps the first of its lines."""
    tender, planned = (apps.get_model("tendering", name) for name in ("Tender", "PlannedLine"))
    for pk, line in planned.objects.order_by("-pk").values_list("tender_id", "line_id"):
        tender.objects.filter(pk=pk).update(plan_line_id=line)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the table is altered again before the transaction ends


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0005_keep_workbooks"),
        ("tendering", "0010_section_origins"),
    ]

    operations = [
        # For a moment both stand; only the new one leads back from a line.
        migrations.AlterField(
            model_name="tender",
            name="plan_line",
            field=models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="planning.planline"),
        ),
        migrations.CreateModel(
            name="PlannedLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "line",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="planned", to="planning.planline"),
                ),
                (
                    "tender",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="planned_lines", to="tendering.tender"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("tender", "line"), name="tendering_planned_once")],
            },
        ),
        migrations.AddField(
            model_name="tender",
            name="plan_lines",
            field=models.ManyToManyField(
                related_name="tenders", through="tendering.PlannedLine", to="planning.planline"
            ),
        ),
        migrations.RunPython(keep_the_line, keep_the_first),
        migrations.RemoveField(model_name="tender", name="plan_line"),
    ]
