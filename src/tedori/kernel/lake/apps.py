"""The app of the lake; it has no tables, its versions are files."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    """Immutable Parquet versions and their reader."""

    name = "tedori.kernel.lake"
    label = "lake"
    chores = ("tedori.kernel.lake.sweeping.sweep",)
