from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live", "0007_expiry")]

    operations = [
        migrations.AddField("change", "via", models.TextField(blank=True, db_default="")),
        migrations.AddField("notification", "via", models.TextField(blank=True, db_default="")),
    ]
