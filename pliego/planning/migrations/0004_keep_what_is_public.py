"""Lines that are already public keep beside them what their last version said."""

from django.db import migrations

FILL = """
UPDATE planning_planline p SET published = l.line
FROM planning_plan plan
JOIN planning_planversion v ON v.plan_id = plan.id AND v.number = plan.version,
     jsonb_array_elements(v.snapshot->'lines') AS l(line)
WHERE p.plan_id = plan.id AND p.number = (l.line->>'number')::int
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_bring_many_lines")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
