"""Who may do what: deny unless allowed, and never across an organisation's wall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words
from tedori.kernel.organisations.permissions import grantable
from tedori.kernel.organisations.permissions import permission as declared
from tedori.kernel.organisations.values import Actor

LIMIT = re.compile(r"[^\s,]{1,200}")  # what a scope is narrowed to


class Forbidden(UserError):
    """The actor may not do this, here."""

    code = "forbidden"
    status = 403
    words = Words(
        _("この操作を行う権限がありません。"),
        _("組織の管理者に権限を確認するか、別の組織に切り替えてください。"),
    )


class SignInNeeded(UserError):
    """Nobody is signed in, and this door asks who comes."""

    code = "sign-in-needed"
    status = 401
    words = Words(_("サインインが必要です。"), _("サインインするか、有効なAPIトークンを付けてください。"))


class TokenRefused(UserError):
    """The token is malformed, unknown, revoked or expired; which of them is not told."""

    code = "token-refused"
    status = 401
    words = Words(
        _("APIトークンを受け付けられません。"), _("トークンの有効期限を確認し、新しく発行してください。")
    )


class TooManyRequests(UserError):
    """More requests in this window than the installation allows."""

    code = "too-many-requests"
    status = 429
    words = Words(_("短時間に要求が多すぎます。"), _("{seconds}秒後にもう一度お試しください。"))


def allowed(actor: Actor, permission: str, *, organisation: str | None) -> bool:
    """Whether the actor may; `organisation=None` asks about the actor's own. Raises UnknownPermission."""
    wanted = declared(permission)
    if actor.everywhere:
        return True
    if not actor.organisation or organisation not in {None, actor.organisation}:
        return False
    if wanted.kinds and actor.kind not in wanted.kinds:
        return False
    if actor.token_id is not None:
        return wanted.tokens and permission in actor.scopes
    return bool(actor.roles & set(wanted.roles))


def demand(actor: Actor, permission: str, *, organisation: str | None) -> None:
    """Raise unless allowed: SignInNeeded for nobody in particular, Forbidden for everybody else."""
    if allowed(actor, permission, organisation=organisation):
        return
    if not actor.signed_in and actor.token_id is None:
        raise SignInNeeded
    raise Forbidden(where=permission)


class UnknownOrganisation(UserError):
    """No organisation has this code."""

    code = "unknown-organisation"
    status = 404
    words = Words(_("組織コード「{code}」は登録されていません。"), _("コードを確認してください。"))


class UnknownPerson(UserError):
    """Nobody signs in under this name."""

    code = "unknown-person"
    status = 404
    words = Words(
        _("利用者「{username}」は登録されていません。"),
        _("利用者名を確認するか、本人に利用登録を依頼してください。"),
    )


class UnknownRole(UserError):
    """No app declares this role."""

    code = "unknown-role"
    words = Words(_("役割「{role}」は使えません。"), _("一覧にある役割から選んでください。"))


class UnknownScope(UserError):
    """A token may not carry this scope, or its issuer may not give it."""

    code = "unknown-scope"
    words = Words(
        _("権限「{scope}」をトークンに付けることはできません。"),
        _("自分が持つ権限の中から選んでください。"),
    )


class Taken(UserError):
    """A code or a name that must be unique is in use."""

    code = "taken"
    status = 409
    words = Words(_("「{name}」はすでに使われています。"), _("別の名前またはコードにしてください。"))


class AlreadyMember(UserError):
    """The person already has a role in the organisation."""

    code = "already-member"
    status = 409
    words = Words(_("この人はすでに組織の構成員です。"), _("役割を変えるには一覧から変更してください。"))


class LastAdmin(UserError):
    """Without this person nobody could manage the organisation."""

    code = "last-admin"
    status = 409
    words = Words(
        _("最後の管理者を外すことはできません。"), _("先に別の人を管理者にしてから、もう一度行ってください。")
    )


class ExpiryPassed(UserError):
    """A token that expires before it is issued."""

    code = "expiry-passed"
    words = Words(_("有効期限が過去の日時です。"), _("これからの日時を指定してください。"))


class WeakPassword(UserError):
    """The password does not meet the installation's policy."""

    code = "weak-password"
    words = Words(_("このパスワードは使えません：{why}"), _("別のパスワードにしてください。"))


class UnknownLanguage(UserError):
    """The house does not speak this language."""

    code = "unknown-language"
    words = Words(_("言語「{language}」には対応していません。"), _("一覧から選んでください。"))


def withheld_scopes(actor: Actor, scopes: Iterable[str], *, organisation: str) -> tuple[str, ...]:
    """The scopes that this issuer may not put on a token: not declared, not for tokens, or not his own."""
    possible = {one.name: bool(one.narrows) for one in grantable()}
    return tuple(
        scope
        for scope in sorted(set(scopes))
        if not _fits(scope, possible)
        or not allowed(actor, scope.partition(":")[0], organisation=organisation)
    )


def _fits(scope: str, possible: Mapping[str, bool]) -> bool:
    """Whether this is a declared scope, narrowed only where that may be."""
    name, narrowed, limit = scope.partition(":")
    if not narrowed:
        return name in possible
    return possible.get(name, False) and LIMIT.fullmatch(limit) is not None
