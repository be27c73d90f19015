"""The data: database, lake, attachments, evidence, and a restore that never ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from tedori.kernel.cases.files import damaged as damaged_attachments
from tedori.kernel.evidence.queries import sealed, verify
from tedori.kernel.lake.store import house_lake
from tedori.kernel.operations.rules import Finding
from tedori.kernel.operations.switching import JOURNAL

SHOWN = 5


def database() -> Iterator[Finding]:
    """Whether the database answers and has every migration."""
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(
            "database-unreachable",
            "error",
            _("データベースに接続できません：{error}").format(error=error),
            _("何も表示も保存もできません。"),
            _("TEDORI_DATABASE の値と、データベースが動いているかを確認してください。"),
        )
        return
    if missing:
        names = ", ".join(str(migration) for migration, _backwards in missing[:SHOWN])
        yield Finding(
            "migrations-missing",
            "error",
            _("適用されていない移行が {count} 件あります：{names}").format(count=len(missing), names=names),
            _("プログラムとデータベースの形が合わず、エラーになります。"),
            _("バックアップを取り、tedori migrate を実行してください。"),
        )
    else:
        yield Finding(
            "database", "ok", _("データベース（{vendor}）は最新です。").format(vendor=connection.vendor)
        )


def lake() -> Iterator[Finding]:
    """Whether every version is as it was written."""
    store = house_lake()
    damage = store.verify()
    if damage:
        listed = ", ".join(f"{one.path} ({one.code})" for one in damage[:SHOWN])
        yield Finding(
            "lake-damaged",
            "error",
            _("保存された版のうち {count} 件が壊れているか、失われています：{listed}").format(
                count=len(damage), listed=listed
            ),
            _("公開したデータが、公開したときのものではなくなっています。"),
            _("バックアップからそのファイルを戻してください。ディスクの故障も疑ってください。"),
        )
    else:
        count = sum(1 for _manifest in store.manifests())
        yield Finding("lake", "ok", _("保存された {count} 件の版はすべて無傷です。").format(count=count))


def attachments() -> Iterator[Finding]:
    """Whether every attachment of a case is there and unchanged."""
    damage = damaged_attachments()
    if damage:
        yield Finding(
            "attachments-damaged",
            "error",
            _("案件の添付ファイル {count} 件が壊れているか、失われています：{listed}").format(
                count=len(damage), listed=", ".join(damage[:SHOWN])
            ),
            _("判断の根拠を見られなくなっています。"),
            _("バックアップからそのファイルを戻してください。"),
        )
    else:
        yield Finding("attachments", "ok", _("案件の添付ファイルはすべて無傷です。"))


def evidence() -> Iterator[Finding]:
    """Whether the chain of evidence holds, and the database guards it."""
    verdict = verify()
    if not verdict.holds:
        yield Finding(
            "evidence-broken",
            "error",
            _("証跡が {number} 番で壊れています（{why}）。").format(
                number=verdict.broken_at, why=verdict.because
            ),
            _("誰が何を決めたかを証明できなくなります。"),
            _("書き換えた人と経緯を調べ、直前のバックアップと tedori evidence verify で比べてください。"),
        )
    elif not sealed():
        yield Finding(
            "evidence-unsealed",
            "error",
            _("証跡の改変防止が外れています。"),
            _("気づかれずに書き換えられるおそれがあります。"),
            _("tedori evidence seal を実行してください。"),
        )
    else:
        yield Finding("evidence", "ok", _("証跡 {count} 件は無傷です。").format(count=verdict.records))


def half_restored() -> Iterator[Finding]:
    """Whether a restore was cut off in the middle."""
    if (Path(settings.TEDORI_HOME) / JOURNAL).exists():
        yield Finding(
            "half-restored",
            "error",
            _("復元が途中で止まったままです。"),
            _("新旧のデータが混ざっています。"),
            _("tedori restore --recover を実行してください。復元の前の状態に戻します。"),
        )
