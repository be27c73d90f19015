"""`python -m bench [--only ID]`: measures, prints one JSON line per figure, renews docs/figures.md."""

from __future__ import annotations

import argparse
import os
import sys

from bench.discovery import figures
from bench.figure import printed, take
from bench.table import keep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tedori.site.settings")


def main() -> int:
    """Run the chosen figures; exit code 1 when one does not hold."""
    known = figures()
    parser = argparse.ArgumentParser(prog="bench", description="Measure beside our peers.")
    parser.add_argument("--only", choices=sorted(known), help="one figure")
    parser.add_argument("--list", action="store_true", help="only list the figures")
    chosen = parser.parse_args()
    if chosen.list:
        for figure in known.values():
            print(f"{figure.id:16} {figure.target:40} {figure.what}")
        return 0
    failed = False
    for figure in [known[chosen.only]] if chosen.only else known.values():
        values = take(figure)
        print(printed(values), flush=True)
        keep(values)
        failed |= values["holds"] is False
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
