"""What the installation has set for this hub, in its settings or else in the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

YES, NO = frozenset({"yes", "1", "true"}), frozenset({"", "no", "0", "false"})


@dataclass(frozen=True, slots=True)
class Options:
    """Switches and limits; sizes in bytes, times in seconds."""

    trial: bool = False
    contexts: Path | None = None
    private_contexts: bool = False
    durable: bool = False
    largest_body: int = 16 * 2**20
    most_in_batch: int = 10_000
    private_endpoints: bool = False
    most_instances: int = 5_000


# A trial's answers are cut early, so that clients (and conformance suites) meet the second page.
INSTANCES_IN_TRIAL = 30


@cache
def options() -> Options:
    """The options in force; raises ImproperlyConfigured for a word that is neither yes nor no.

    They are read once, and again when Django says that a setting is another one.
    """
    return _options(*map(_setting, NAMES))


def _forget(**_: object) -> None:
    options.cache_clear()


setting_changed.connect(_forget)


NAMES = (
    "TEDORI_LIVE_TRIAL",
    "TEDORI_LIVE_CONTEXTS",
    "TEDORI_LIVE_PRIVATE",
    "TEDORI_LIVE_DURABLE",
    "TEDORI_LIVE_BODY",
    "TEDORI_LIVE_BATCH",
    "TEDORI_LIVE_PRIVATE_ENDPOINTS",
    "TEDORI_LIVE_INSTANCES",
)


def _setting(name: str) -> str:
    return str(getattr(settings, name, None) or os.environ.get(name, "")).strip()


def _options(  # noqa: PLR0913 - one parameter per setting
    trial: str,
    contexts: str,
    private: str,
    durable: str,
    body: str,
    batch: str,
    endpoints: str,
    instances: str,
) -> Options:
    plain, trying = Options(), _flag("TEDORI_LIVE_TRIAL", trial)
    return Options(
        trial=trying,
        contexts=Path(contexts) if contexts else None,
        private_contexts=_flag("TEDORI_LIVE_PRIVATE", private),
        durable=_flag("TEDORI_LIVE_DURABLE", durable),
        largest_body=int(body or plain.largest_body),
        most_in_batch=int(batch or plain.most_in_batch),
        private_endpoints=_flag("TEDORI_LIVE_PRIVATE_ENDPOINTS", endpoints),
        most_instances=int(instances or (INSTANCES_IN_TRIAL if trying else plain.most_instances)),
    )


def _flag(name: str, text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ImproperlyConfigured(f"{name}={text!r}: use yes or no")
    return text.lower() in YES
