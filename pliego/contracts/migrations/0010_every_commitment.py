from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0009_happenings")]

    operations = [migrations.AlterField("contract", "budget_commitment", models.TextField(blank=True))]
