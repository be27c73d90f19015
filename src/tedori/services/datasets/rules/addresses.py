"""Which addresses may be fetched from: the open web, not the inside of a network."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from tedori.services.datasets.rules.errors import AddressRefused

USUAL_PORT = {"http": 80, "https": 443}
PORTS = frozenset({80, 443, 8000, 8080, 8443})
FORMATS = frozenset({"csv", "tsv", "xlsx", "xls", "zip", "geojson"})


def _parsed(address: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(address)
        return parts, parts.port
    except ValueError as error:
        raise AddressRefused(because=_("アドレスの形が正しくありません"), where=address) from error


def check_address(address: str, *, inside: bool = False) -> tuple[str, int, bool]:
    """Host, port and whether it is https; raises AddressRefused. `inside` allows any port."""
    parts, port = _parsed(address)
    if parts.scheme not in USUAL_PORT or not parts.hostname:
        raise AddressRefused(because=_("http または https のアドレスではありません"), where=address)
    if parts.username or parts.password:
        raise AddressRefused(
            because=_("アドレスに利用者名やパスワードを含めないでください"), where=parts.hostname
        )
    port = port or USUAL_PORT[parts.scheme]
    if not inside and port not in PORTS:
        raise AddressRefused(because=_("使えないポート番号です"), where=address)
    return parts.hostname, port, parts.scheme == "https"


def check_numbers(numbers: list[str], *, inside: bool = False) -> str:
    """The number to connect to; raises AddressRefused when any of them is not on the open network."""
    if not inside and not all(ip_address(number.split("%")[0]).is_global for number in numbers):
        raise AddressRefused(because=_("内部ネットワークのアドレスです"))
    return numbers[0]


def name_of(address: str) -> str:
    """The file name at the end of an address, or "download"."""
    return unquote(urlsplit(address).path).rsplit("/", 1)[-1] or "download"


def wanted(format_name: str, address: str) -> bool:
    """Whether a resource of a catalogue is a table that the engine may be able to read."""
    said = format_name.strip().lower().lstrip(".")
    return said in FORMATS or name_of(address).rsplit(".", 1)[-1].lower() in FORMATS
