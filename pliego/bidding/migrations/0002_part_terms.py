from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0001_initial"),
    ]

    operations = [
        migrations.RenameField(model_name="part", old_name="created_at", new_name="sent_at"),
        migrations.AddField(model_name="sealeddraft", name="parts", field=models.JSONField(default=list)),
    ]
