"""Answers in plain words, Japanese and English: the result, the reasons with articles, what is missing."""

from __future__ import annotations

from tedori.engines.rules.judging import ELIGIBLE, OPEN, Answer, Judged, Missing

SHOWN = 3


def japanese(answer: Answer) -> str:
    """The answer as a few plain sentences in Japanese."""
    name = answer.programme.name.ja
    if not answer.in_force:
        return f"{name}：この日には、まだ始まっていないか、もう終わっています。"
    if answer.result == ELIGIBLE:
        return f"{name}：対象です（{_amount_ja(answer)}）。" + "".join(map(_holds_ja, answer.conditions))
    if answer.result == OPEN:
        return f"{name}：まだわかりません（{_amount_ja(answer)}）。" + _missing_ja(answer)
    return f"{name}：対象ではありません。" + "".join(
        _fails_ja(one) for one in answer.conditions if one.against
    )


def english(answer: Answer) -> str:
    """The answer as a few plain sentences in English."""
    name = answer.programme.name.en
    if not answer.in_force:
        return f"{name}: it has not begun by this day, or it has ended."
    if answer.result == ELIGIBLE:
        return f"{name}: you qualify ({_amount_en(answer)})." + "".join(map(_holds_en, answer.conditions))
    if answer.result == OPEN:
        return f"{name}: not known yet ({_amount_en(answer)})." + _missing_en(answer)
    return f"{name}: you do not qualify." + "".join(
        _fails_en(one) for one in answer.conditions if one.against
    )


def _range(answer: Answer) -> str:
    low, high = f"{answer.low:,.0f}", f"{answer.high:,.0f}"
    return low if low == high else f"{low}〜{high}"


def _amount_ja(answer: Answer) -> str:
    return f"{_range(answer)}{answer.programme.unit.ja}"


def _amount_en(answer: Answer) -> str:
    return f"{_range(answer).replace('〜', ' to ')} {answer.programme.unit.en}"


def _holds_ja(one: Judged) -> str:
    text = one.condition.words.ja
    return (
        f"「{text}」にあたりません。"
        if one.bars
        else f"「{text}」ことを満たしています（{one.condition.article}）。"
    )


def _fails_ja(one: Judged) -> str:
    text, article = one.condition.words.ja, one.condition.article
    return (
        f"「{text}」にあたるためです（{article}）。"
        if one.bars
        else f"「{text}」ことを満たさないためです（{article}）。"
    )


def _holds_en(one: Judged) -> str:
    text = one.condition.words.en
    return f" It is not so that: {text}." if one.bars else f" Met: {text} ({one.condition.article})."


def _fails_en(one: Judged) -> str:
    text, article = one.condition.words.en, one.condition.article
    return f" Barred because: {text} ({article})." if one.bars else f" Not met: {text} ({article})."


def _whose(one: Missing) -> str:
    return "" if one.person is None else f"{one.person}: "


def _missing_ja(answer: Answer) -> str:
    asked = [f"{_whose(one)}{one.fact.question.ja}" for one in answer.missing[:SHOWN]]
    return "次のことがわかれば決まります：" + "、".join(asked) + "。" if asked else "審査で決まります。"


def _missing_en(answer: Answer) -> str:
    asked = [f"{_whose(one)}{one.fact.question.en}" for one in answer.missing[:SHOWN]]
    return " It depends on: " + " ".join(asked) if asked else " The office decides it."
