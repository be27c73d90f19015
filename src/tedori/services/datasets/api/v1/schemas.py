"""The shapes of answers."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema


class Text(Schema):
    """A text in both languages."""

    ja: str = Field(examples=["AED設置箇所一覧"])
    en: str = Field(examples=["AED locations"])


class Entry(Schema):
    """Where everything is."""

    title: str
    links: dict[str, str]


class Item(Schema):
    """One item of a standard dataset."""

    name: str = Field(description="項目名 / name", examples=["名称"])
    english: str | None = Field(description="英字名 / English name", examples=["name"])
    kind: str = Field(description="値の種類 / kind of value", examples=["text"])
    demand: str = Field(description="必須・推奨・任意 / required, recommended, optional", examples=["必須"])
    codes: list[str] | None = Field(description="選択肢 / code list")
    many: bool = Field(description="; で区切って複数 / several, parted by ;")


class Licence(Schema):
    """A licence."""

    code: str = Field(examples=["CC-BY-4.0"])
    label: Text
    address: str


class Publisher(Schema):
    """Who publishes."""

    code: str = Field(description="全国地方公共団体コード / official code", examples=["131016"])
    name: Text
    kind: str = Field(examples=["ward"])
    datasets: int = Field(description="公開しているデータセットの数 / number of datasets published")
    rows: int
    score: float | None = Field(description="品質の平均 0–100 / mean quality")
    updated_at: datetime | None
    links: dict[str, str]


class Publication(Schema):
    """One dataset of one publisher as it is public now."""

    dataset: str = Field(examples=["aed"])
    municipality: str = Field(examples=["131016"])
    name: Text
    title: Text
    version: int
    rows: int
    edition: str = Field(description="元の見出しの世代 / header generation of the source")
    score: float = Field(description="品質 0–100 / quality")
    missing_rate: float | None = Field(
        description="必須・推奨項目の欠損率 0–1 / missing rate of wanted items"
    )
    licence: Licence | None
    steward: str = Field(description="データの担当者 / data steward")
    granularity: str = Field(description="1行が表すもの / what a row stands for")
    update_cycle: str
    published_at: datetime
    source: str = Field(description="元ファイル名 / name of the source file")
    sha256: str
    links: dict[str, str]


class Dataset(Schema):
    """One dataset over all its publishers."""

    slug: str = Field(examples=["aed"])
    number: str
    title: Text
    description: Text
    theme: str = Field(examples=["safety"])
    publishers: int
    rows: int
    score: float | None
    updated_at: datetime | None
    licences: list[str]
    links: dict[str, str]


class Datasets(Schema):
    """The list of datasets."""

    matched: int
    datasets: list[Dataset]


class DatasetDetail(Dataset):
    """One dataset with its items and everybody who publishes it."""

    items: list[Item]
    publications: list[Publication]


class Publishers(Schema):
    """The list of publishers."""

    matched: int
    publishers: list[Publisher]


class PublisherDetail(Publisher):
    """One publisher with what it publishes."""

    publications: list[Publication]


class VersionEntry(Schema):
    """One version that is or was public."""

    dataset: str
    municipality: str
    version: int
    state: str = Field(description="published, superseded, retracted")
    rows: int
    edition: str
    period: str = Field(description="データの時点 / what the data are as of")
    score: float
    licence: str
    steward: str
    sha256: str
    source: str
    published_at: datetime | None
    ended_at: datetime | None
    ended_because: str
    added: int | None = Field(description="前の版から増えた行 / rows added since the version before")
    removed: int | None
    changed: int | None


class Versions(Schema):
    """The versions of one dataset, newest first."""

    versions: list[VersionEntry]


class Change(VersionEntry):
    """One publication or retraction."""

    changed_at: datetime


class Changes(Schema):
    """What was published or retracted, newest first."""

    changes: list[Change]
    next: str | None


class MatrixCell(Schema):
    """One field of the matrix municipality × dataset."""

    dataset: str
    version: int
    edition: str
    rows: int
    score: float
    updated_at: datetime


class MatrixLine(Schema):
    """One publisher's line of the matrix."""

    municipality: str
    name: Text
    published: int
    score: float | None
    datasets: list[MatrixCell]


class Matrix(Schema):
    """The matrix municipality × dataset; what is not published is not listed."""

    datasets: list[str]
    covered: float = Field(description="62区市町村の充足率 0–1 / share of fields filled")
    publishers: list[MatrixLine]


class MissingItem(Schema):
    """The missing rate of one item."""

    item: str
    demand: str
    rate: float | None = Field(description="欠損率 0–1 / missing rate")
    target: float = Field(description="目標 / the highest rate wanted")
    filled: int
    rows: int


class MissingPublisher(Schema):
    """One publisher's missing rates."""

    municipality: str
    name: Text
    overall: float | None
    items: dict[str, float | None]


class TrendPoint(Schema):
    """The missing rate after one day of publication."""

    day: date
    rate: float


class Missing(Schema):
    """Missing rates of one dataset."""

    dataset: str
    target: float
    items: list[MissingItem]
    publishers: list[MissingPublisher]
    trend: list[TrendPoint]


class Usage(Schema):
    """Use of one dataset on one day."""

    dataset: str
    day: date
    kind: str = Field(description="page, download, api")
    count: int


class UsageDays(Schema):
    """Counted use; nobody is tracked."""

    usage: list[Usage]
