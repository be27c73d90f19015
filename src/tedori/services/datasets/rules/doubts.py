"""Turns a report of the engine into the questions that a person must answer, and checks the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches

import polars as pl
from django.utils.translation import gettext_lazy as _

from tedori.engines.tabular.values import CodeList, ColumnMatch, Decisions, Definition, Finding, Report
from tedori.services.datasets.rules.errors import AnswerMissing, UnknownAnswer
from tedori.services.datasets.rules.frames import EXTRA
from tedori.services.datasets.rules.layouts import LEAVE_OUT, PUBLISH, WITHHOLD

KINDS = {
    "dataset": _("どのデータセットか"),
    "municipality": _("どの自治体のデータか"),
    "column": _("どの項目の列か"),
    "privacy": _("個人情報の可能性"),
    "rival": _("内容の違う写し"),
    "vocabulary": _("標準にない用語"),
}
# A version is drafted only when none of these is open; unknown words are kept as written until answered.
BLOCKING = frozenset({"dataset", "municipality", "column", "privacy", "rival"})
THIS, OTHER = "this", "other"
BEST, SAMPLES = 3, 5
# Below this confidence a person says which dataset it is (the engine's report draws the same line).
SURE_ENOUGH = 0.6
# From here on what the file says about its municipality is proposed against its sender.
CERTAIN = 0.9
# More unknown words than this in one item are a wrong column or free text, not a vocabulary to settle.
WORDS = 30
NO_CODES = CodeList("none", ())


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question: `choices` are the best answers with their scores, `proposal` the default answer.

    A text in `because` is in both languages: 日本語 (English) as the engine writes it, or one line each.
    """

    kind: str
    subject: str = ""
    written: str = ""
    choices: tuple[tuple[str, float], ...] = ()
    proposal: str = ""
    because: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    count: int = 0

    @property
    def id(self) -> str:
        """A short stable name, for form fields."""
        text = "\x1f".join((self.kind, self.subject, self.written))
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()

    def as_dict(self) -> dict:
        """Plain data for the database, with the id."""
        return asdict(self) | {"id": self.id}


def doubt_of(data: Mapping) -> Doubt:
    """The doubt that `as_dict` wrote down."""
    plain = {name: value for name, value in data.items() if name != "id"}
    listed = {name: tuple(plain[name]) for name in ("because", "samples")}
    choices = tuple((answer, score) for answer, score in plain["choices"])
    return Doubt(**plain | listed | {"choices": choices})


def blocks(doubts: Iterable[Doubt]) -> bool:
    """Whether any of the questions keeps the table from becoming a draft version."""
    return any(doubt.kind in BLOCKING for doubt in doubts)


def _column_doubts(report: Report, frame: pl.DataFrame | None) -> tuple[Doubt, ...]:
    taken = {item for match in report.columns if match.status == "accepted" for item in match.items}
    return tuple(_column_doubt(match, frame, taken) for match in report.columns if match.status == "review")


def doubts_of(
    report: Report,
    frame: pl.DataFrame | None,
    definition: Definition | None,
    *,
    own: str,
    decisions: Decisions,
) -> tuple[Doubt, ...]:
    """All questions about one table that `decisions` leave open; `own` is the sender's municipality code."""
    if definition is None or (report.recognition.confidence < SURE_ENOUGH and not decisions.dataset):
        return (_dataset_doubt(report),)
    place = () if decisions.municipality else _place_doubts(report, own=own)
    columns = _column_doubts(report, frame)
    stops = _privacy_doubts(undecided(report.findings, decisions))
    words = _word_doubts(report.findings, definition, decisions)
    # Headings that stand twice are one question.
    return tuple({doubt.id: doubt for doubt in (*place, *columns, *stops, *words)}.values())


def undecided(findings: tuple[Finding, ...], decisions: Decisions) -> tuple[Finding, ...]:
    """The findings without the privacy stops that a person has decided about, either way."""
    return tuple(
        found
        for found in findings
        if not (found.code.startswith("privacy") and found.item in decisions.privacy)
    )


def _dataset_doubt(report: Report) -> Doubt:
    known = report.recognition
    best = [(known.slug, known.confidence)] if known.slug else []
    others = [(found.slug, found.score) for found in known.alternatives if found.slug != known.slug]
    choices = tuple([*best, *others][:BEST])
    header = tuple(match.source for match in report.columns[:SAMPLES])
    return Doubt(
        "dataset",
        choices=choices,
        proposal=choices[0][0] if choices else "",
        because=known.because,
        samples=header,
        count=report.rows_read,
    )


def _place_doubts(report: Report, *, own: str) -> tuple[Doubt, ...]:
    found = report.place.code
    if not own or found in {None, own}:
        return ()
    choices = ((own, 1 - report.place.confidence), (found, report.place.confidence))
    names = (report.place.name or found,)
    proposal = found if report.place.confidence >= CERTAIN else own
    because = report.place.because
    doubt = Doubt(
        "municipality", written=found, choices=choices, proposal=proposal, because=because, samples=names
    )
    return (doubt,)


def _column_doubt(match: ColumnMatch, frame: pl.DataFrame | None, taken: set[str]) -> Doubt:
    # What the engine chose for the whole table comes first; what another column fills is no choice.
    chosen = tuple((item, match.confidence) for item in match.items)
    others = (one for one in match.choices if one[0] not in taken and one[0] not in match.items)
    choices = (*chosen, *others)[:BEST]
    samples, filled = samples_of(frame, match)
    return Doubt(
        "column",
        subject=match.source,
        choices=choices,
        proposal=choices[0][0] if choices else LEAVE_OUT,
        because=match.because,
        samples=samples,
        count=filled,
    )


def samples_of(frame: pl.DataFrame | None, match: ColumnMatch) -> tuple[tuple[str, ...], int]:
    """The most frequent values of a source column and how many cells are filled."""
    names = (f"{EXTRA}{match.source}", *match.items)
    name = next((name for name in names if frame is not None and name in frame.columns), None)
    if name is None:
        return (), 0
    values = frame[name].drop_nulls()
    common = values.value_counts(sort=True).head(SAMPLES)[name].to_list()
    return tuple(str(value)[:80] for value in common), len(values)


def _grouped(findings: Iterable[Finding], start: str) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code.startswith(start) and finding.item:
            groups.setdefault(finding.item, []).append(finding)
    return groups


def _privacy_doubts(findings: tuple[Finding, ...]) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(
            "privacy",
            subject=item,
            choices=((WITHHOLD, 1.0), (PUBLISH, 0.0)),
            proposal=WITHHOLD,
            because=tuple(dict.fromkeys(f"{one.message.ja}\n{one.message.en}" for one in group))[:BEST],
            samples=tuple(dict.fromkeys(found.value for found in group if found.value))[:SAMPLES],
        )
        for item, group in _grouped(findings, "privacy").items()
    )


def _word_doubts(
    findings: tuple[Finding, ...], definition: Definition, decisions: Decisions
) -> tuple[Doubt, ...]:
    """The words that no list knows, without those that somebody decided to leave as written."""
    codes = {item.name: item.codes for item in definition.items if item.codes}
    doubts = []
    for item, group in _grouped(findings, "not-in-list").items():
        settled = decisions.vocabulary.get(item, {}).values()
        words = dict.fromkeys(one.value for one in group if one.value and one.value not in settled)
        if len(words) <= WORDS:
            doubts += [_word_doubt(item, word, codes.get(item, NO_CODES), group) for word in words]
    return tuple(doubts)


def _word_doubt(item: str, word: str, codes: CodeList, group: list[Finding]) -> Doubt:
    """The question what a word means: what it usually or probably does first, then what looks like it."""
    known = codes.values
    meant = [value for value in (codes.spellings.get(word), codes.doubtful.get(word)) if value]
    like = get_close_matches(word, known, n=BEST, cutoff=0.3) or known[:BEST]
    near = tuple(dict.fromkeys((*meant, *like)))[:BEST]
    count = sum(found.value == word for found in group)
    choices = tuple((value, 0.0) for value in near)
    return Doubt("vocabulary", item, word, choices=choices, proposal=LEAVE_OUT, samples=known, count=count)


def rival_doubt(*, number: int, name: str, rows: int, content: str, other: str) -> Doubt:
    """The question which of two different copies counts; `number` is the draft made of the other one."""
    return Doubt(
        "rival",
        subject=str(number),
        written=f"{content[:16]}:{other[:16]}",
        choices=((THIS, 0.5), (OTHER, 0.5)),
        proposal=THIS,
        samples=(name,),
        count=rows,
    )


def _allowed(doubt: Doubt, offered: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return offered.get(doubt.kind, frozenset()).union(choice for choice, _ in doubt.choices)


def checked(
    answers: Mapping[str, str], doubts: Iterable[Doubt], *, offered: Mapping[str, frozenset[str]]
) -> tuple[tuple[Doubt, str], ...]:
    """Pair every blocking doubt with its answer; raises AnswerMissing and UnknownAnswer.

    `answers` maps the id of a doubt to the answer; `offered` maps a kind to what else may be answered
    beside the choices. A privacy stop has no default: it is answered or stays.
    """
    pairs = []
    for doubt in doubts:
        if doubt.id not in answers:
            if doubt.kind == "privacy":
                raise AnswerMissing(subject=doubt.subject)
            continue
        answer = answers[doubt.id]
        if answer not in _allowed(doubt, offered):
            raise UnknownAnswer(subject=doubt.subject or str(KINDS[doubt.kind]), answer=answer)
        pairs.append((doubt, answer))
    return tuple(pairs)
