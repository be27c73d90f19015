"""What can go wrong here that is the caller's to mend."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words


class NotFound(UserError):
    """There is no such record, or it lies behind another organisation's wall."""

    code = "not-found"
    status = 404
    words = Words(_("見つかりません。"), _("一覧から選び直してください。"))


class NothingSent(UserError):
    """The form came without a file, or with an empty one."""

    code = "nothing-sent"
    words = Words(_("ファイルの中身がありません。"), _("ファイルを選び直してください。"))


class TooLarge(UserError):
    """More bytes than the installation takes."""

    code = "too-large"
    status = 413
    words = Words(
        _("ファイルが大きすぎます（上限 {limit}）。"), _("分割するか、管理者に上限の変更を相談してください。")
    )


class StorageFull(UserError):
    """The disk has no room; nothing of the file was kept."""

    code = "storage-full"
    status = 507
    words = Words(
        _("保存先の空き容量が足りないため、受け取れませんでした。"),
        _("このファイルは保存されていません。管理者に空き容量の確保を依頼し、もう一度お送りください。"),
    )


class StaleDecision(UserError):
    """Somebody decided after this page was shown."""

    code = "stale-decision"
    status = 409
    words = Words(
        _("この画面を開いたあとに、ほかの担当者が判断を登録しました。"),
        _("最新の内容を確認してから、もう一度判断してください。"),
    )


class UnknownAnswer(UserError):
    """An answer that the question does not offer."""

    code = "unknown-answer"
    words = Words(
        _("選べない値が送られました: {subject} → {answer}"), _("表示された選択肢から選んでください。")
    )


class AnswerMissing(UserError):
    """A question that must be answered was left open."""

    code = "answer-missing"
    words = Words(_("まだ判断していない項目があります: {subject}"), _("公開するか伏せるかを選んでください。"))


class ReasonMissing(UserError):
    """A step that must be explained was not."""

    code = "reason-missing"
    words = Words(_("理由が書かれていません。"), _("あとから読む人のために、理由を入力してください。"))


class WrongState(UserError):
    """The step does not exist in this state."""

    code = "wrong-state"
    status = 409
    words = Words(_("この版は今の状態（{state}）では{step}できません。"), _("最新の状態を確認してください。"))


class DoubtsOpen(UserError):
    """Questions are still open, a privacy stop among them perhaps."""

    code = "doubts-open"
    status = 409
    words = Words(
        _("まだ判断が必要な点が{count}件あります。"), _("担当者の画面で判断を終えてから公開してください。")
    )


class PrivacyUndecided(UserError):
    """Likely personal data that nobody has decided about."""

    code = "privacy-undecided"
    status = 409
    words = Words(
        _("個人情報の可能性がある列について、まだ判断されていません。"),
        _("公開するか伏せるかを担当者が判断してください。"),
    )


class LicenceMissing(UserError):
    """No licence in the record (F19)."""

    code = "licence-missing"
    status = 409
    words = Words(
        _("ライセンスが登録されていません。"), _("データセットの台帳でライセンスを選んでください。")
    )


class StewardMissing(UserError):
    """No named steward in the record (F10)."""

    code = "steward-missing"
    status = 409
    words = Words(
        _("担当者が登録されていません。"), _("データセットの台帳に担当者の氏名を入力してください。")
    )


class NotAdmitted(UserError):
    """The data class does not admit publication (F04)."""

    code = "not-admitted"
    status = 409
    words = Words(
        _("このデータ区分では公開できません。{because}"), _("データセットの台帳を確認してください。")
    )


class ConfirmationNeeded(UserError):
    """The new version differs from the published one in a way that a person must confirm."""

    code = "confirmation-needed"
    status = 409
    words = Words(
        _("公開中の版と大きく違うため、確認が必要です。{because}"),
        _("差分を確認し、確認した内容を入力してから公開してください。"),
    )


class FourEyes(UserError):
    """The same person may not approve what they drafted, or publish what they approved."""

    code = "four-eyes"
    status = 403
    words = Words(
        _("この版は、作成した人とは別の人が承認する必要があります。"), _("承認者に依頼してください。")
    )


class NotApproved(UserError):
    """Publication without approval."""

    code = "not-approved"
    status = 409
    words = Words(_("まだ承認されていません。"), _("承認者に承認を依頼してください。"))


class AddressRefused(UserError):
    """An address that this house does not fetch from."""

    code = "address-refused"
    words = Words(
        _("このアドレスからは取得できません: {because}"),
        _("公開されている http(s) のアドレスを入力してください。"),
    )


class FetchFailed(UserError):
    """The other side did not give the file."""

    code = "fetch-failed"
    status = 502
    words = Words(
        _("取得できませんでした: {because}"), _("アドレスを確認し、しばらくしてからもう一度試してください。")
    )


class CardIncomplete(UserError):
    """A dataset record with a value that cannot be."""

    code = "card-incomplete"
    words = Words(_("台帳の内容に不備があります: {because}"), _("入力を確認してください。"))


class StillPublished(UserError):
    """A change that needs the published version to be retracted first."""

    code = "still-published"
    status = 409
    words = Words(_("公開中の版があるため変更できません。"), _("先に公開を取り下げてください。"))


class SuppliesUnreadable(UserError):
    """A table for the engine that is not what it should be."""

    code = "supplies-unreadable"
    words = Words("{because}", _("docs/how-to/own-data.md にある見出しのとおりの表を指定してください。"))
