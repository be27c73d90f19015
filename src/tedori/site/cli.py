"""`tedori`: the one command. Engines answer alone; everything else is a Django command."""

from __future__ import annotations

import argparse
import gc
import sys
from importlib import import_module
from types import ModuleType

from tedori import __version__
from tedori.kernel.discovery import packages

# Not imported before it is needed: an engine's command does without Django.
DJANGO = "tedori.site.commands"
# An engine reads its tables once and drops them once: looking for cycles every 700 objects only costs.
GARBAGE = (100_000, 20, 20)


def engine_command(name: str) -> ModuleType | None:
    """The command of this name that an engine offers; no other engine is imported for it."""
    for package in packages("tedori.engines"):
        if getattr(import_module(package), "COMMAND", None) == name:
            return import_module(f"{package}.command")
    return None


def run_engine(module: ModuleType, name: str, arguments: list[str]) -> int:
    """Run one engine's command and give its exit code."""
    gc.set_threshold(*GARBAGE)
    parser = argparse.ArgumentParser(prog=f"tedori {name}", description=module.HELP)
    module.add_arguments(parser)
    return module.run(parser.parse_args(arguments))


def main(arguments: list[str] | None = None) -> int:
    """Run `tedori COMMAND …`; without a command, list them."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] in (["--version"], ["version"]):
        print(f"tedori {__version__}")
        return 0
    engine = engine_command(given[0]) if given else None
    return run_engine(engine, given[0], given[1:]) if engine else import_module(DJANGO).run(given)


if __name__ == "__main__":
    sys.exit(main())
