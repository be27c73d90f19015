"""The lake: immutable Parquet versions that never change once they can be seen."""
