"""`tedori`: the one command. Engines answer alone; everything else is a Django command."""

from __future__ import annotations

import argparse
import os
import sys
from types import ModuleType

from django.core.management import ManagementUtility

from tedori import __version__
from tedori.kernel.discovery import rooms
from tedori.kernel.errors import UserError


def engine_commands() -> dict[str, ModuleType]:
    """The commands that engines offer: name → its module with NAME, HELP, add_arguments and run."""
    return {module.NAME: module for module in rooms("tedori.engines", "command")}


def run_engine(module: ModuleType, arguments: list[str]) -> int:
    """Run one engine's command and give its exit code."""
    parser = argparse.ArgumentParser(prog=f"tedori {module.NAME}", description=module.HELP)
    module.add_arguments(parser)
    return module.run(parser.parse_args(arguments))


def main(arguments: list[str] | None = None) -> int:
    """Run `tedori COMMAND …`; without a command, list them."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] in (["--version"], ["version"]):
        print(f"tedori {__version__}")
        return 0
    engines = engine_commands()
    if given and given[0] in engines:
        return run_engine(engines[given[0]], given[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tedori.site.settings")
    try:
        ManagementUtility(["tedori", *given]).execute()
    except UserError as error:
        print(f"tedori: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
