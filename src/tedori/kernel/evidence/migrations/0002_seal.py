"""The database itself refuses to change or delete evidence."""

from django.db import migrations

from tedori.kernel.evidence.seals import seal, unseal


def put_seals(apps, schema_editor):
    seal(schema_editor.connection)


def lift_seals(apps, schema_editor):
    unseal(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("evidence", "0001_initial")]

    operations = [migrations.RunPython(put_seals, lift_seals)]
