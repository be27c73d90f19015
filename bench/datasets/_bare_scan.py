"""The yardstick of engine-speed: a bare Polars scan of a CSV with eight checks, in a process of its own."""

from __future__ import annotations

import sys

import polars as pl


def main(path: str) -> None:
    """Read every column as text and count what a checker would count."""
    frame = pl.scan_csv(path, infer_schema=False, encoding="utf8")
    lat, lon = pl.col("緯度").cast(pl.Float64, strict=False), pl.col("経度").cast(pl.Float64, strict=False)
    checks = frame.select(
        rows=pl.len(),
        empty=pl.sum_horizontal(pl.all().null_count()),
        unnamed=pl.col("名称").is_null().sum(),
        doubled=pl.len() - pl.col("ID").n_unique(),
        code=(~pl.col("全国地方公共団体コード").str.contains(r"^\d{6}$")).sum(),
        phone=(~pl.col("電話番号").str.contains(r"^0[\d-]+$")).sum(),
        corporate=(pl.col("法人番号").str.len_chars() != 13).sum(),
        outside=(~(lat.is_between(20, 46) & lon.is_between(122, 154))).sum(),
    )
    print(checks.collect(engine="streaming"))


if __name__ == "__main__":
    main(sys.argv[1])
