"""What a browser may load for a page: only what this site serves, and map tiles where they are set."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"


def origin(address: str) -> str:
    """Scheme and host of an address, with a space before; empty for an empty address."""
    parts = urlsplit(address)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def policy(*, tiles: str = "", issuer: str = "") -> str:
    """The policy text, for the address pattern of the base map and the address of the sign-in service.

    >>> "img-src 'self' data: https://tiles.example;" in policy(tiles="https://tiles.example/{z}/{x}/{y}.png")
    True
    """
    # Signing in elsewhere starts with a form of ours that is redirected there, which form-action judges too.
    return (
        f"default-src 'self'; img-src 'self' data:{origin(tiles)}; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'{origin(issuer)}; frame-ancestors 'none'"
    )


class ContentPolicyMiddleware:
    """Puts the policy on every answer that does not bring its own."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self.policy = policy(tiles=settings.TEDORI_TILES, issuer=settings.OIDC_ISSUER)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and put the policy on the answer."""
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response
