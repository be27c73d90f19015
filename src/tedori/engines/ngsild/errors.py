"""The error types of the standard (GS CIM 009, clauses 5.5.2 and 6.3.2), each with its HTTP status."""

from __future__ import annotations

STATUS = {
    "InvalidRequest": 400,
    "BadRequestData": 400,
    "AlreadyExists": 409,
    "Conflict": 409,
    "OperationNotSupported": 422,
    "ResourceNotFound": 404,
    "InternalError": 500,
    "TooComplexQuery": 403,
    "TooManyResults": 403,
    "LdContextNotAvailable": 503,
    "NoMultiTenantSupport": 501,
    "NonexistentTenant": 404,
}
PREFIX = "https://uri.etsi.org/ngsi-ld/errors/"


class NgsiLdError(Exception):
    """A request that the standard says must fail.

    `kind` is the error's type without its prefix, `title` one English sentence, `detail` what exactly is
    wrong, `where` a JSON path or the name of a parameter. Doors turn it into problem details, adding the
    reader's language.
    """

    def __init__(self, kind: str, title: str, *, detail: str = "", where: str = "") -> None:
        super().__init__(f"{kind}: {title} {where}".rstrip())
        self.kind = kind
        self.title = title
        self.detail = detail
        self.where = where

    @property
    def status(self) -> int:
        """The HTTP status that the standard gives this error."""
        return STATUS[self.kind]

    @property
    def type(self) -> str:
        """The error's IRI."""
        return PREFIX + self.kind


def bad_request(title: str, *, detail: str = "", where: str = "") -> NgsiLdError:
    """Input that is JSON but not what the operation takes."""
    return NgsiLdError("BadRequestData", title, detail=detail, where=where)


def invalid_request(title: str, *, detail: str = "", where: str = "") -> NgsiLdError:
    """A request whose syntax is wrong (not JSON, an unknown option, a parameter that cannot be read)."""
    return NgsiLdError("InvalidRequest", title, detail=detail, where=where)
