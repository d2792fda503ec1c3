from django.db import migrations

SERIES = ["apr", "del"]


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[f"CREATE SEQUENCE kernel_series_{code} START 1000001" for code in SERIES],
            reverse_sql=[f"DROP SEQUENCE kernel_series_{code}" for code in SERIES],
        ),
    ]
