"""`tedori standardise FILE… --out DIR`: the engine from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from tedori.engines.tabular import pipeline, reporting, writing
from tedori.engines.tabular.repairing import Gazetteer
from tedori.engines.tabular.reporting.document import repairs_frame
from tedori.engines.tabular.supplies import SuppliesRefused, gazetteer_from
from tedori.engines.tabular.values import Decisions, Report, Result
from tedori.engines.tabular.writing import OutputRefused
from tedori.engines.tabular.writing.files import folder

HELP = "Turn municipal files into standard datasets. 自治体のファイルを標準データセットにします。"


@dataclass(frozen=True, slots=True)
class Order:
    """What one call asks for."""

    today: date
    decisions: Decisions
    formats: tuple[str, ...]
    language: reporting.Language
    gazetteer: Gazetteer | None
    boundary: BaseGeometry | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="CSV, TSV, XLSX, XLS, ZIP, GeoJSON"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="出力先のフォルダー (output folder)"
    )
    parser.add_argument(
        "--format",
        action="append",
        choices=sorted(writing.WRITERS),
        help="標準データの形式、繰り返し可 (format of the standard data, repeatable; csv)",
    )
    parser.add_argument("--dataset", metavar="SLUG", help="データセットが分かっているとき (when it is known)")
    parser.add_argument("--municipality", metavar="CODE", help="6桁の団体コード (six-digit code, when known)")
    parser.add_argument("--towns", type=Path, metavar="CSV", help="町丁目の表 (table of towns)")
    parser.add_argument(
        "--boundary", type=Path, metavar="GEOJSON", help="自治体の区域 (area of the municipality)"
    )
    parser.add_argument("--today", type=date.fromisoformat, help="今日の日付 (YYYY-MM-DD)")
    parser.add_argument(
        "--language", choices=("ja", "en"), default="ja", help="画面の言葉 (language of the summary)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Standardise each file and give the worst exit code: 0 usable, 1 needs review, 2 unusable."""
    try:
        order = _order(arguments)
        folder(arguments.out)
    except (SuppliesRefused, OutputRefused) as error:
        return _complain(str(error))
    files = tuple(arguments.files)
    codes = [_one(file, out, order) for file, out in zip(files, places(files, arguments.out), strict=True)]
    return max(codes)


def places(files: Sequence[Path], out: Path) -> Iterator[Path]:
    """Name the folder of each input: the output folder itself for one, else one per file name."""
    if len(files) == 1:
        yield out
        return
    taken: set[str] = set()
    for file in files:
        name, number = file.name or "input", 1
        while name in taken:
            number += 1
            name = f"{file.name}-{number}"
        taken.add(name)
        yield out / name


def _order(arguments: argparse.Namespace) -> Order:
    today = arguments.today or datetime.now(ZoneInfo("Asia/Tokyo")).date()
    return Order(
        today=today,
        decisions=Decisions(dataset=arguments.dataset, municipality=arguments.municipality),
        formats=tuple(dict.fromkeys(arguments.format or ["csv"])),
        language=arguments.language,
        gazetteer=gazetteer_from(arguments.towns) if arguments.towns else None,
        boundary=_boundary(arguments.boundary) if arguments.boundary else None,
    )


def _boundary(path: Path) -> BaseGeometry:
    """Read a GeoJSON of one or more areas; raises SuppliesRefused."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        features = data.get("features") or [data]
        return shapely.union_all([shape(one.get("geometry") or one) for one in features])
    except (OSError, ValueError, AttributeError, KeyError, TypeError, shapely.GEOSException) as error:
        raise SuppliesRefused(path, "GeoJSON") from error


def _complain(text: str) -> int:
    print(text, file=sys.stderr)
    return reporting.UNUSABLE


def _one(file: Path, out: Path, order: Order) -> int:
    """Standardise one file into its folder; what goes wrong with it disturbs no other."""
    results = pipeline.standardise(
        file, today=order.today, decisions=order.decisions, gazetteer=order.gazetteer, boundary=order.boundary
    )
    main, *others = _ranked(results)
    try:
        _write(folder(out), main, others, order)
    except OutputRefused as error:
        return _complain(str(error))
    code = reporting.exit_code(main.report)
    line = reporting.as_line(main.report, order.language)
    print(line, file=sys.stderr if code == reporting.UNUSABLE else sys.stdout)
    return code


def _ranked(results: tuple[Result, ...]) -> list[Result]:
    """Put the table that matters most first: recognised, then long."""
    return sorted(results, key=lambda one: (one.frame is None, -one.report.rows_written))


def _write(out: Path, main: Result, others: list[Result], order: Order) -> None:
    """Write the data first and the report last, so that a report stands for everything beside it."""
    for number, result in enumerate([main, *others], 1):
        mark = "" if number == 1 else f"-{number}"
        if result.frame is not None:
            for form in order.formats:
                writing.WRITERS[form](out / f"standard{mark}.{form}", result.frame)
            writing.write_csv(out / f"repairs{mark}.csv", repairs_frame(result.report))
            writing.write_csv(out / f"fixes{mark}.csv", writing.fix_list(result.report, repairs=False))
    _reports(out, main.report, [other.report for other in others])


def _reports(out: Path, report: Report, others: list[Report]) -> None:
    for language, mark in (("ja", ""), ("en", ".en")):
        writing.write_text(out / f"report{mark}.html", reporting.as_html(report, language))
        writing.write_text(out / f"report{mark}.txt", reporting.as_text(report, language))
    document = reporting.as_json(report, others=others)
    writing.write_bytes(out / "report.json", orjson.dumps(document, option=orjson.OPT_INDENT_2))
