"""Registrations of context sources, and subscriptions to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live", "0004_publications")]

    operations = [
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("urn", models.TextField()),
                ("owner", models.CharField(blank=True, max_length=40)),
                ("by", models.CharField(max_length=60)),
                ("document", models.TextField()),
                ("secrets", models.TextField(blank=True)),
                ("expires_at", models.TextField(blank=True)),
                ("created_at", models.TextField()),
                ("modified_at", models.TextField()),
                ("times_sent", models.BigIntegerField(default=0)),
                ("times_failed", models.BigIntegerField(default=0)),
                ("last_success", models.TextField(null=True)),
                ("last_failure", models.TextField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="live.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "registration",
            models.UniqueConstraint(fields=("tenant", "urn"), name="live_registration_once"),
        ),
        migrations.AddField("subscription", "about", models.CharField(max_length=10, null=True)),
    ]
