"""Errors that NGSIv2 has and NGSI-LD has not, or calls otherwise."""

from __future__ import annotations

from tedori.engines.ngsild.errors import NgsiLdError


class Unprocessable(NgsiLdError):
    """A request that can be read, but not be done as things stand."""

    def __init__(self, title: str, *, detail: str = "") -> None:
        super().__init__("OperationNotSupported", title, detail=detail)


class ParseError(NgsiLdError):
    """A body that is no JSON."""

    def __init__(self) -> None:
        super().__init__("InvalidRequest", "Errors found in incoming JSON buffer")


def told(error: NgsiLdError) -> tuple[int, str, str]:
    """Status, name and description of an error as v2 callers know it."""
    described = ": ".join(part for part in (error.title, error.detail) if part)
    if error.kind == "ResourceNotFound" and error.detail:  # it names a URN, which v2 callers do not know
        described = NOT_FOUND
    if isinstance(error, ParseError):
        return 400, "ParseError", error.title
    if isinstance(error, Unprocessable):
        return 422, "Unprocessable", described
    return KINDS[error.kind][0], KINDS[error.kind][1], KINDS[error.kind][2] or described


NOT_FOUND = "The requested entity has not been found. Check type and id"
KINDS = {
    "AlreadyExists": (422, "Unprocessable", "Already Exists"),
    "ResourceNotFound": (404, "NotFound", ""),
    "NonexistentTenant": (404, "NotFound", NOT_FOUND),
    "OperationNotSupported": (501, "NotImplemented", ""),
    "InternalError": (500, "InternalServerError", ""),
    "LdContextNotAvailable": (500, "InternalServerError", ""),
    "NoMultiTenantSupport": (400, "BadRequest", ""),
    "TooComplexQuery": (400, "BadRequest", ""),
    "TooManyResults": (400, "BadRequest", ""),
    "BadRequestData": (400, "BadRequest", ""),
    "InvalidRequest": (400, "BadRequest", ""),
}
