"""A process comes from one or more lines of the plan; until now from one at most."""

from django.db import migrations, models


def keep_the_line(apps, schema_editor):
    tender = apps.get_model("tendering", "Tender")
    linked = tender.objects.filter(plan_line__isnull=False).values_list("pk", "plan_line_id")
    through = tender.plan_lines.through
    rows = (through(tender_id=pk, planline_id=line) for pk, line in linked.iterator())
    through.objects.bulk_create(rows, batch_size=2000)


def keep_the_first(apps, schema_editor):
    """Back: a process keeps the first of its lines."""
    tender = apps.get_model("tendering", "Tender")
    order = ("planline__plan__year", "planline__number")
    rows = tender.plan_lines.through.objects.order_by(*order).values_list("tender_id", "planline_id")
    first = {}
    for pk, line in rows:
        first.setdefault(pk, line)
    for pk, line in first.items():
        tender.objects.filter(pk=pk).update(plan_line_id=line)


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0004_keep_what_is_public"),
        ("tendering", "0010_section_origins"),
    ]

    operations = [
        # Both names lead back from a line, the old one without an accessor: they stand together for a moment.
        migrations.AlterField(
            model_name="tender",
            name="plan_line",
            field=models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="planning.planline"),
        ),
        migrations.AddField(
            model_name="tender",
            name="plan_lines",
            field=models.ManyToManyField(related_name="tenders", to="planning.planline"),
        ),
        migrations.RunPython(keep_the_line, keep_the_first),
        migrations.RemoveField(model_name="tender", name="plan_line"),
    ]
