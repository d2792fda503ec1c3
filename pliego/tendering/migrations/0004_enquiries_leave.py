from django.db import migrations


class Migration(migrations.Migration):
    """The table stays where it is: only the room that owns it changes."""

    dependencies = [("tendering", "0003_stages")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Enquiry")]),
    ]
