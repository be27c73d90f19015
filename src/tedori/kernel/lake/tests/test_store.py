"""The lake keeps what it was given, whole and unchanged, or nothing."""

import errno

import polars as pl
import pytest

from tedori.kernel.lake import store
from tedori.kernel.lake.rules import BadName, DiskFull, QueryRefused, VersionExists, VersionMissing
from tedori.kernel.lake.store import Lake

AED = pl.DataFrame({"名称": ["区役所", "図書館"], "_row": [2, 3]})
OTHER = pl.DataFrame({"名称": ["駅"], "_row": [2]})


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def keep(lake, frame=AED, version=1):
    return lake.write(dataset="datasets/aed", partition="131016", version=version, frame=frame)


def files(lake):
    return sorted(str(f.relative_to(lake.root)) for f in lake.root.rglob("*") if f.is_file())


def test_what_was_written_is_read_back(lake):
    stored = keep(lake)
    assert stored.rows == 2
    assert stored.path.startswith("datasets/aed/131016/v000001-")
    assert lake.open(stored.path).collect().equals(AED)
    assert lake.verify() == ()


def test_the_same_content_again_is_the_same_version(lake):
    assert keep(lake) == keep(lake)
    assert len(files(lake)) == 2


def test_other_content_under_the_same_number_is_refused_and_leaves_the_first(lake):
    first = keep(lake)
    with pytest.raises(VersionExists):
        keep(lake, OTHER)
    assert lake.open(first.path).collect().equals(AED)
    assert len(files(lake)) == 2


def test_a_writer_that_comes_second_by_a_hair_is_refused(lake, monkeypatch):
    first = keep(lake)
    monkeypatch.setattr(store.Path, "exists", lambda self: False)  # both looked before either had written
    with pytest.raises(VersionExists):
        keep(lake, OTHER)
    monkeypatch.undo()
    assert lake.open(first.path).collect().equals(AED)


@pytest.mark.parametrize("stage", ["_write_parquet", "_sync_folder", "sha256"])
def test_a_crash_in_any_stage_leaves_no_version_and_the_retry_succeeds(lake, monkeypatch, stage):
    class Crash(BaseException):
        pass

    def die(*_):
        raise Crash

    monkeypatch.setattr(store, stage, die)
    with pytest.raises(Crash):
        keep(lake)
    monkeypatch.undo()
    assert list(lake.manifests()) == []
    assert keep(lake).rows == 2


def test_a_full_disk_is_said_clearly_and_leaves_nothing(lake, monkeypatch):
    def full(frame, path):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_write_parquet", full)
    with pytest.raises(DiskFull) as caught:
        keep(lake)
    assert caught.value.status == 507
    assert "空き" in str(caught.value)
    assert files(lake) == []


def test_leftovers_are_swept_and_versions_stay(lake):
    stored = keep(lake)
    folder = lake.path(stored.path).parent
    (folder / ".v000002-aa.tmp").write_bytes(b"x")
    (folder / "v000002-0123456789ab.parquet").write_bytes(b"x")
    assert lake.sweep() == 0, "younger ones may belong to a writer at work"
    assert lake.sweep(older_than=-1) == 2
    assert lake.verify() == () and len(files(lake)) == 2


def test_damage_is_found(lake):
    changed, missing = keep(lake), keep(lake, OTHER, version=2)
    with lake.path(changed.path).open("ab") as file:
        file.write(b"!")
    lake.path(missing.path).unlink()
    (lake.path(changed.path).parent / "v000003.json").write_text("{")
    assert [d.code for d in lake.verify()] == ["changed", "missing", "unreadable"]


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "datasets/aed/131016/none.parquet"])
def test_paths_that_are_not_the_lakes_are_missing(lake, path):
    keep(lake)
    with pytest.raises(VersionMissing):
        lake.open(path)


@pytest.mark.parametrize(
    ("dataset", "partition", "version"), [("../x", "1", 1), ("a", "../1", 1), ("a", "1", 0), ("A b", "1", 1)]
)
def test_names_that_cannot_be_files_are_bugs(lake, dataset, partition, version):
    with pytest.raises(BadName):
        lake.write(dataset=dataset, partition=partition, version=version, frame=AED)


def test_sql_reads_several_versions_as_one_table(lake):
    paths = [keep(lake).path, keep(lake, OTHER, version=2).path]
    found = lake.query(
        'SELECT count(*) AS n FROM aed WHERE "_row" = $row', tables={"aed": paths}, params={"row": 2}
    )
    assert found["n"].to_list() == [2]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "COPY aed TO '/tmp/out.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM 'https://example.invalid/x.parquet'",
        "SELECT getenv('HOME')",
    ],
)
def test_sql_cannot_leave_its_files(lake, sql):
    with pytest.raises(QueryRefused):
        lake.query(sql, tables={"aed": [keep(lake).path]})


def test_sql_cannot_see_python_variables(lake):
    frame = OTHER  # noqa: F841 - DuckDB would find it by its name
    with pytest.raises(QueryRefused):
        lake.query("SELECT * FROM frame", tables={"aed": [keep(lake).path]})
