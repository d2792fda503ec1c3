import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("announced", "Announced: bidders may enter"),
    ("running", "Bids are received"),
    ("suspended", "Suspended"),
    ("ended", "Ended, without minutes yet"),
    ("recorded", "Ended, with its minutes"),
    ("outside", "Held outside the platform"),
    ("void", "Without effect"),
]


class Migration(migrations.Migration):
    dependencies = [("auctions", "0002_training")]

    operations = [
        migrations.AlterField(
            model_name="auction",
            name="state",
            field=models.CharField(choices=STATES, default="announced", max_length=12),
        ),
        migrations.AddField(
            model_name="participant", name="is_absent", field=models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            model_name="pause", name="failure", field=models.CharField(blank=True, db_default="", max_length=64)
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("failure", ""), _negated=True),
                fields=("auction", "failure"),
                name="auctions_a_failure_stops_once",
            ),
        ),
        migrations.CreateModel(
            name="Outside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=300)),
                ("held_at", models.DateTimeField()),
                ("reason", models.TextField(max_length=4000)),
                ("signers", models.TextField(blank=True, max_length=2000)),
                (
                    "auction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outside", to="auctions.auction"
                    ),
                ),
            ],
            options={"ordering": ["auction"]},
        ),
    ]
