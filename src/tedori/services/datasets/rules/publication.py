"""Whether a version may be approved, published, retracted; and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError
from tedori.services.datasets.rules import errors
from tedori.services.datasets.rules.admission import BECAUSE
from tedori.services.datasets.rules.doubts import BLOCKING

STATES = {
    "writing": _("保存中"),
    "draft": _("下書き"),
    "approved": _("承認済み"),
    "published": _("公開中"),
    "superseded": _("旧版"),
    "retracted": _("取り下げ"),
    "discarded": _("破棄"),
}
STEPS = {
    "approve": (_("承認"), frozenset({"draft"})),
    "publish": (_("公開"), frozenset({"draft", "approved"})),
    "retract": (_("取り下げ"), frozenset({"published"})),
    "restore": (_("復元"), frozenset({"superseded", "retracted", "discarded"})),
    "discard": (_("破棄"), frozenset({"draft", "approved"})),
}
CONFIRM = {
    "shrinks": _("行数が2割を超えて減っています。"),
    "silent-replacement": _("同じ時点のデータなのに内容が変わっています。"),
    "all-new": _("公開中の版と共通する行がありません。"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version on its way to the public, with everything that could stop it.

    `doubts` are the kinds of open questions, `lacks` what the dataset record misses, `confirm` the codes that
    a person must confirm and `confirmed` what that person wrote.
    """

    state: str
    doubts: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    confirmed: str = ""
    four_eyes: bool = False
    drafter: str = ""
    approver: str = ""


def may(step: str, state: str) -> bool:
    """Whether the step exists in this state."""
    return state in STEPS[step][1]


def check_step(step: str, state: str) -> None:
    """Raise WrongState unless the step exists in this state."""
    if not may(step, state):
        raise errors.WrongState(state=STATES[state], step=STEPS[step][0])


def check_eyes(*, four_eyes: bool, drafter: str, approver: str) -> None:
    """Raise FourEyes when the setting asks for two people and there is only one."""
    if four_eyes and drafter and drafter == approver:
        raise errors.FourEyes


def refusal(candidate: Candidate) -> UserError | None:
    """The first reason why the version cannot be published now, or None."""
    if not may("publish", candidate.state):
        return errors.WrongState(state=STATES[candidate.state], step=STEPS["publish"][0])
    return _doubtful(candidate) or _unadmitted(candidate.lacks) or _unapproved(candidate)


def _doubtful(candidate: Candidate) -> UserError | None:
    if "privacy" in candidate.doubts:
        return errors.PrivacyUndecided()
    blocking = [kind for kind in candidate.doubts if kind in BLOCKING]
    return errors.DoubtsOpen(count=len(blocking)) if blocking else None


def _unadmitted(lacks: tuple[str, ...]) -> UserError | None:
    if "licence" in lacks:
        return errors.LicenceMissing()
    if "steward" in lacks:
        return errors.StewardMissing()
    if lacks:
        return errors.NotAdmitted(because="".join(str(BECAUSE[code]) for code in lacks))
    return None


def _unapproved(candidate: Candidate) -> UserError | None:
    if candidate.four_eyes and candidate.state != "approved":
        return errors.NotApproved()
    if candidate.confirm and not candidate.confirmed.strip():
        return errors.ConfirmationNeeded(because="".join(str(CONFIRM[code]) for code in candidate.confirm))
    return None
