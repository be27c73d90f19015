from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live", "0006_links")]

    operations = [
        migrations.AddField("entity", "due_at", models.TextField(null=True)),
        migrations.AddIndex(
            "entity",
            models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="live_entity_due"),
        ),
    ]
