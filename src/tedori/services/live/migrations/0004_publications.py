from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live", "0003_histories")]

    operations = [
        migrations.AddField("publication", "fresh_minutes", models.IntegerField(null=True)),
        migrations.AddField("publication", "relayed", models.BooleanField(db_default=False)),
        migrations.AddField("publication", "reason", models.TextField(blank=True, db_default="")),
    ]
