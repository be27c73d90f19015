"""The tables of the live hub, and what each database needs to find entities by text and place."""

import django.db.models.deletion
from django.db import migrations, models

from tedori.engines.ngsild.queries.postgresql import INSTALL


# The R-tree lies beside live_place and follows it by triggers: whoever remakes that table makes them anew.
SQLITE = (
    "CREATE INDEX live_value_text ON live_value (tenant_id, name, text) WHERE text IS NOT NULL",
    "CREATE VIRTUAL TABLE live_place_rtree USING rtree(id, minx, maxx, miny, maxy)",
    "CREATE TRIGGER live_place_in AFTER INSERT ON live_place BEGIN INSERT INTO live_place_rtree "
    "VALUES (new.id, new.minx, new.maxx, new.miny, new.maxy); END",
    "CREATE TRIGGER live_place_out AFTER DELETE ON live_place BEGIN "
    "DELETE FROM live_place_rtree WHERE id = old.id; END",
)
COLLATED = {
    "live_entity": ("urn", "scopes", "created_at", "modified_at"),
    "live_entitytype": ("name",),
    "live_scope": ("path",),
    "live_value": ("name", "text", "instant", "observed_at"),
    "live_place": ("name",),
    "live_history": ("urn", "name", "text", "observed_at", "created_at", "modified_at"),
    "live_change": ("urn", "at"),
}
# Texts may be longer than an index entry: equality asks for `left(text, 600)` and for the whole text.
POSTGRESQL = (
    *(
        f"ALTER TABLE {table} " + ", ".join(f'ALTER COLUMN {column} TYPE text COLLATE "C"' for column in columns)
        for table, columns in COLLATED.items()
    ),
    "CREATE INDEX live_value_text ON live_value (tenant_id, name, left(text, 600)) WHERE text IS NOT NULL",
    "CREATE INDEX live_place_box ON live_place USING gist (box(point(minx, miny), point(maxx, maxy)))",
)


def complete(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def reduce(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE live_place_rtree")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('created_at', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Entity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('urn', models.TextField()),
                ('owner', models.CharField(max_length=40)),
                ('scopes', models.TextField(default='')),
                ('doc', models.JSONField()),
                ('created_at', models.TextField()),
                ('modified_at', models.TextField()),
                ('version', models.IntegerField(default=1)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Context',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('url', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('Hosted', 'Hosted'), ('Cached', 'Cached'), ('ImplicitlyCreated', 'Implicit')], max_length=20)),
                ('body', models.TextField()),
                ('owner', models.CharField(blank=True, max_length=40)),
                ('created_at', models.TextField()),
                ('used_at', models.TextField(null=True)),
                ('uses', models.BigIntegerField(default=0)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('urn', models.TextField()),
                ('owner', models.CharField(max_length=40)),
                ('types', models.TextField()),
                ('operation', models.CharField(max_length=10)),
                ('changed', models.TextField()),
                ('doc', models.TextField(null=True)),
                ('before', models.TextField(null=True)),
                ('by', models.CharField(max_length=60)),
                ('at', models.TextField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('actor', models.CharField(max_length=60)),
                ('organisation', models.CharField(blank=True, max_length=40)),
                ('verb', models.CharField(max_length=10)),
                ('name', models.TextField(blank=True)),
                ('count', models.BigIntegerField(default=0)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Value',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('dataset', models.TextField(null=True)),
                ('kind', models.CharField(max_length=1)),
                ('number', models.FloatField(null=True)),
                ('text', models.TextField(null=True)),
                ('instant', models.TextField(null=True)),
                ('lang', models.CharField(max_length=100, null=True)),
                ('observed_at', models.TextField(null=True)),
                ('entity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.entity')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Scope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.TextField()),
                ('entity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.entity')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'path', 'entity'], name='live_scope_found'), models.Index(fields=['entity'], name='live_scope_of')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('owner', models.CharField(blank=True, max_length=40)),
                ('level', models.CharField(choices=[('public', 'Public'), ('members', 'Members'), ('internal', 'Internal')], max_length=10)),
                ('set_by', models.CharField(max_length=150)),
                ('set_at', models.TextField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'name', 'owner'), name='live_publication_once')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('dataset', models.TextField(null=True)),
                ('geometry', models.TextField()),
                ('minx', models.FloatField()),
                ('miny', models.FloatField()),
                ('maxx', models.FloatField()),
                ('maxy', models.FloatField()),
                ('entity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.entity')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['entity'], name='live_place_of')],
            },
        ),
        migrations.CreateModel(
            name='History',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instance', models.TextField()),
                ('urn', models.TextField()),
                ('owner', models.CharField(max_length=40)),
                ('types', models.TextField()),
                ('name', models.TextField()),
                ('dataset', models.TextField(null=True)),
                ('kind', models.TextField()),
                ('value', models.TextField(null=True)),
                ('number', models.FloatField(null=True)),
                ('text', models.TextField(null=True)),
                ('observed_at', models.TextField(null=True)),
                ('created_at', models.TextField()),
                ('modified_at', models.TextField()),
                ('deleted', models.BooleanField(default=False)),
                ('subs', models.TextField(null=True)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'urn', 'name', 'observed_at'], name='live_history_of')],
            },
        ),
        migrations.CreateModel(
            name='EntityType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('entity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.entity')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='live.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'name', 'entity'], name='live_type_found'), models.Index(fields=['entity'], name='live_type_of')],
            },
        ),
        migrations.AddConstraint(
            model_name='entity',
            constraint=models.UniqueConstraint(fields=('tenant', 'urn'), name='live_entity_once'),
        ),
        migrations.AddConstraint(
            model_name='context',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='live_context_once'),
        ),
        migrations.AddConstraint(
            model_name='use',
            constraint=models.UniqueConstraint(fields=('day', 'tenant', 'actor', 'organisation', 'verb', 'name'), name='live_use_once'),
        ),
        migrations.AddIndex(
            model_name='value',
            index=models.Index(fields=['entity'], name='live_value_of'),
        ),
        migrations.AddIndex(
            model_name='value',
            index=models.Index(fields=['tenant', 'name', 'entity'], name='live_value_named'),
        ),
        migrations.AddIndex(
            model_name='value',
            index=models.Index(condition=models.Q(('number__isnull', False)), fields=['tenant', 'name', 'number'], name='live_value_number'),
        ),
        migrations.AddIndex(
            model_name='value',
            index=models.Index(condition=models.Q(('instant__isnull', False)), fields=['tenant', 'name', 'instant'], name='live_value_instant'),
        ),
        migrations.RunPython(complete, reduce),
    ]
