import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0001_initial"),
        ("parties", "0003_initial"),
        ("tendering", "0004_enquiries_leave"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="enquiry",
            name="answered_with",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="document",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tendering.tenderdocument"
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="place",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="section",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="state",
            field=models.CharField(
                choices=[("waiting", "Without an answer"), ("answered", "Answered")], default="waiting", max_length=20
            ),
        ),
        migrations.RunSQL(
            "UPDATE tendering_enquiry SET state = 'answered' WHERE answered_at IS NOT NULL",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "waiting")),
                    models.Q(("answered_at__isnull", False), ("state", "answered")),
                    _connector="OR",
                ),
                name="enquiries_answered_has_a_date",
            ),
        ),
    ]
