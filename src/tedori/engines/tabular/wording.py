"""What the engine says to people: findings by code, what to do about them, and the names of repairs."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.engines.tabular.values import Finding, Message, Severity

ROWS_PER_CAUSE = 1000


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence with places for {value}, {item}, {count} …, and what to do, in both languages."""

    severity: Severity
    ja: str
    en: str
    todo_ja: str
    todo_en: str


def _table(text: str) -> dict[str, Wording]:
    table = {}
    for block in text.strip().split("\n\n"):
        head, ja, todo_ja, en, todo_en = (line.strip() for line in block.split("\n"))
        code, severity = head.split()
        table[code] = Wording(severity, ja, en, todo_ja, todo_en)  # type: ignore[arg-type]
    return table


# Per block: code and severity, Japanese sentence, what to do, English sentence, what to do.
WORDINGS: dict[str, Wording] = _table("""
date-unreadable warning
日付「{value}」は年月日として読めません。
西暦の「2024-04-01」の形に書き直してください。時期が決まっていないときは空欄にし、備考に書いてください。
The date "{value}" cannot be read as a day.
Write it as 2024-04-01; if there is no fixed day, leave it empty and say so in the remarks.

date-impossible warning
日付「{value}」は暦にありません。
正しい日付を確かめて書き直してください。
The date "{value}" is not in the calendar.
Find out the right date and correct it.

era-impossible warning
和暦の日付「{value}」は、その元号の期間にありません。
元号か年を確かめて、西暦の「2024-04-01」の形に書き直してください。
The era of the date "{value}" has no such day.
Check era and year, and write the date as 2024-04-01.

date-ambiguous warning
日付「{value}」は月と日の順が決められません。
西暦の「2024-04-01」の形に書き直してください。
In the date "{value}" month and day cannot be told apart.
Write it as 2024-04-01.

date-future warning
日付「{value}」は未来の日付です。
入力の誤りでないか確かめてください。
The date "{value}" lies in the future.
Check whether it was mistyped.

date-order warning
終わりの日「{value}」が始まりの日「{other}」より前です。
二つの日付を確かめてください。
The end "{value}" comes before the start "{other}".
Check both dates.

time-unreadable warning
時刻「{value}」は一つの時刻として読めません。
24時間制の「09:00」の形に書き、説明は特記事項の欄へ移してください。
The time "{value}" cannot be read as one time.
Write it as 09:00 (24 hours) and move explanations to the notes.

time-impossible warning
時刻「{value}」はありません。
正しい時刻を「09:00」の形で書いてください。
There is no time "{value}".
Write the right time as 09:00.

time-ambiguous warning
時刻「{value}」は午前・午後と時の組合せが合いません。
24時間制の「13:00」の形に書き直してください。
The time "{value}" mixes 12 and 24 hours.
Write it as 13:00.

weekdays-unreadable info
曜日「{value}」は曜日の並びとして読めません。
「月火水木金」の形に書き、説明は特記事項の欄へ移してください。
The weekdays "{value}" cannot be read.
Write them as 月火水木金 and move explanations to the notes.

phone-unreadable warning
電話番号「{value}」の桁数か書き方が合いません。
番号を確かめ、「03-1234-5678」の形に書き直してください。
The telephone number "{value}" has a wrong length or layout.
Check it and write it as 03-1234-5678.

phone-without-area warning
電話番号「{value}」に市外局番がありません。
市外局番を付けて「03-1234-5678」の形に書いてください。
The telephone number "{value}" lacks its area code.
Add the area code: 03-1234-5678.

exponent-damaged warning
「{value}」は表計算ソフトが桁を丸めた値で、元の数字は失われています。
元の資料を見て、セルの書式を「文字列」にしてから入れ直してください。
"{value}" was rounded by a spreadsheet; its digits are lost.
Look up the original, set the cell to text and type it again.

postcode-unreadable warning
郵便番号「{value}」が7桁ではありません。
7桁の郵便番号に書き直してください。
The postcode "{value}" does not have seven digits.
Write all seven digits.

url-unreadable warning
URL「{value}」は https:// で始まるアドレスとして読めません。
ページのアドレスをそのまま貼り付けてください。
"{value}" is not a web address.
Paste the address of the page, starting with https://.

email-unreadable warning
メールアドレス「{value}」の形が合いません。
アドレスを確かめて書き直してください。
"{value}" is not a mail address.
Check and correct it.

extension-unreadable info
内線番号「{value}」は番号として読めません。
番号だけを書き、複数あるときは「 / 」で区切ってください。
The extension "{value}" is not a number.
Write numbers only, joined by " / ".

code-unreadable warning
団体コード「{value}」は検査数字が合わないか、読み方が決められません。
先頭の0と検査数字を含む6桁で書いてください。
The municipality code "{value}" has a wrong check digit or two possible readings.
Write all six digits with the leading zero and the check digit.

corporate-number-wrong warning
法人番号「{value}」は13桁でないか、検査数字が合いません。
国税庁の法人番号公表サイトで確かめて書き直してください。
The corporate number "{value}" does not have 13 digits or its check digit is wrong.
Look it up at the National Tax Agency's site and correct it.

town-id-wrong info
町字ID「{value}」が7桁ではありません。
アドレス・ベース・レジストリの7桁のIDを書いてください。
The town id "{value}" does not have seven digits.
Write the seven digits of the address base registry.

number-unreadable warning
「{value}」は数として読めません。
単位や説明を除き、半角の数字だけを書いてください。
"{value}" is not a number.
Write digits only, without unit or explanation.

out-of-range warning
「{value}」は{item}として考えられる範囲（{low}～{high}）の外です。
値を確かめてください。
"{value}" is outside what {item} can be ({low} to {high}).
Check the value.

not-in-list warning
「{value}」は{item}で決められた語ではありません。
決められた語から選び直すか、言い換えの規則を承認してください。
"{value}" is not one of the words for {item}.
Choose one of the words, or approve how it should be understood.

required-empty warning
必須の項目「{item}」が空です（{count}行）。
元の資料から値を補ってください。
The mandatory item {item} is empty ({count} rows).
Fill it from the original.

required-missing warning
必須の項目「{item}」の列がありません。
列を加えて値を入れてください。
The mandatory item {item} has no column.
Add the column and fill it.

duplicate warning
{item}「{value}」が{count}回出てきます。
同じものが二度書かれていないか、番号の付け間違いがないか確かめてください。
{item} "{value}" occurs {count} times.
Check for rows entered twice or numbers given twice.

duplicate-rows warning
まったく同じ内容の行が{count}行あります。
重複した行を消してください。
{count} rows repeat another row exactly.
Delete the repeated rows.

coordinate-unreadable warning
座標「{value}」は緯度・経度として読めません。
世界測地系の10進法で、小数点以下6桁まで書いてください。
The coordinate "{value}" cannot be read.
Write decimal degrees with six decimals.

coordinate-abroad warning
緯度{lat}・経度{lon}は日本の外です。
緯度と経度の値を確かめてください。
The point {lat}, {lon} lies outside Japan.
Check latitude and longitude.

coordinate-outside warning
座標が{place}の外、約{distance}km離れた所にあります。
座標を確かめてください。他の市区町村にある施設であれば、このままで構いません。
The point lies about {distance} km outside {place}.
Check it; if the facility really stands in another municipality, leave it as it is.

coordinate-far warning
座標がほかの行から約{distance}km離れています。
座標を確かめてください。他の市区町村にある施設であれば、このままで構いません。
The point lies about {distance} km from the other rows.
Check it; if the facility really stands in another municipality, leave it as it is.

coordinate-half warning
緯度と経度の一方だけがあります。
もう一方を補ってください。
Only one of latitude and longitude is there.
Fill in the other.

coordinate-zero warning
緯度・経度が0,0の行（{count}行）の座標を空欄にしました。
正しい座標を入れてください。
The points at 0,0 ({count} rows) were emptied.
Fill in the right coordinates.

coordinate-exchanged info
緯度と経度が入れ替わっていた行（{count}行）を正しい順に戻しました。
元のファイルでも緯度の列と経度の列を入れ替えてください。
Latitude and longitude were exchanged in {count} rows; they were put back.
Exchange the two columns in the original file too.

datum-shifted warning
座標が旧日本測地系でした（{count}行）。世界測地系に直しました。
元のファイルの座標も世界測地系にしてください。
{count} points were on the old Tokyo Datum; they were shifted to the world datum.
Use the world datum in the original file too.

datum-declared warning
座標参照系「{value}」は旧日本測地系です。座標は直していません。
世界測地系（JGD2011）の座標に変換してください。
The reference system "{value}" is the old Tokyo Datum; the coordinates were not shifted.
Convert the coordinates to JGD2011.

coordinate-one-point warning
{count}行がすべて同じ座標（{lat}, {lon}）です。
役所などの代表点ではなく、それぞれの場所の座標を入れてください。
All {count} rows have the same point ({lat}, {lon}).
Fill in the point of each place, not that of the town hall.

place-disagrees info
所在地の市区町村「{value}」が、公開している団体「{place}」と違います（{count}行）。
他の市区町村にある施設であれば、このままで構いません。
The address names {value}, but the publisher is {place} ({count} rows).
If the facility really stands there, leave it as it is.

code-mixed warning
団体コードの列に、公開している団体「{place}」以外のコード「{value}」があります（{count}行）。
この列には公開している団体のコードを書いてください。
The column of the publisher's code holds {value} besides that of {place} ({count} rows).
Write the publisher's own code in this column.

replacement-character warning
「{value}」に文字化け（�）があります。
元の資料を見て入れ直してください。
"{value}" holds a lost character (�).
Type it again from the original.

formula info
「{value}」は数式の形をしています。配布用のファイルでは先頭に ' を付けて無害にします。
計算結果の値だけを書いてください。
"{value}" looks like a formula; it is made harmless with a leading ' in the files we give out.
Write the value instead of the formula.

error-value warning
「{value}」は表計算ソフトのエラー値です。
数式を直し、値として入れ直してください。
"{value}" is a spreadsheet error.
Correct the formula and paste the value.

no-rows error
見出しだけで、データの行がありません。
データの入ったファイルを選んでください。
There is a header but no row of data.
Choose the file that holds the data.

dataset-unknown error
27の標準データセットのどれにも当てはまりませんでした。
データセットの種類を選んでください。
This is none of the 27 standard datasets as far as we can tell.
Choose which dataset it is.

municipality-unknown error
どの自治体のファイルか分かりませんでした。
公開している自治体を選んでください。
We cannot tell which municipality this file belongs to.
Choose the municipality that publishes it.

columns-undecided error
どの項目か決められない列が{count}列あります：{value}
それぞれの列の項目を選んでください。一度選べば次からは聞きません。
{count} columns could not be decided: {value}
Choose the item of each; it will not be asked again.

privacy-name error
個人の名前と思われる値があります（{item}、{count}行、例：{value}）。
公開してよいか判断し、公開しない場合は値を消してください。判断するまで公開されません。
{item} seems to hold names of people ({count} rows, such as {value}).
Decide whether they may be published, or remove them; nothing is published before.

privacy-mobile error
携帯電話の番号と思われる値があります（{item}、{count}行、例：{value}）。
個人の番号でないか確かめ、公開してよいか判断してください。判断するまで公開されません。
{item} seems to hold mobile numbers ({count} rows, such as {value}).
Check whether they belong to people and decide; nothing is published before.

privacy-mail error
個人のメールアドレスと思われる値があります（{item}、{count}行、例：{value}）。
組織のアドレスか確かめ、公開してよいか判断してください。判断するまで公開されません。
{item} seems to hold private mail addresses ({count} rows, such as {value}).
Check whether they belong to people and decide; nothing is published before.

across-missing warning
{item}「{value}」が{other}にありません。
名称やIDの書き方をそろえるか、{other}に加えてください。
{item} "{value}" is not in {other}.
Write names and ids alike, or add it to {other}.

across-differs warning
「{value}」の{item}が{other}と違います。
どちらが正しいか確かめてそろえてください。
{item} of "{value}" differs from {other}.
Find out which is right and make them agree.

across-far warning
「{value}」の座標が{other}と約{distance}m離れています。
どちらの座標が正しいか確かめてください。
The point of "{value}" lies about {distance} m from the one in {other}.
Find out which is right.

across-unlisted info
「{value}」がオープンデータ一覧に載っていません。
オープンデータ一覧に加えてください。
"{value}" is not in the list of open data.
Add it to the list.

across-no-file info
オープンデータ一覧の「{value}」に当たるファイルがありません。
ファイルを渡すか、一覧から消してください。
There is no file for "{value}" of the list of open data.
Hand in the file or take it off the list.

more info
ほかに同じ指摘が{count}行あります（{item}：{about}）。
修正一覧は同じ原因ごとにまとめて直してください。
{count} more rows have the same finding ({item}: {about}).
Correct them together.
""")

# The names of repairs, as a steward reads them.
RULES: dict[str, tuple[str, str]] = {
    "width": ("全角の英数字を半角に", "full-width letters and digits to half-width"),
    "kana-width": ("半角カナを全角に", "half-width kana to full-width"),
    "katakana": ("ひらがなを片仮名に", "hiragana to katakana"),
    "space": ("余分な空白を除去", "stray blanks removed"),
    "line-break": ("セルの中の改行を除去", "line breaks removed"),
    "dash": ("長音やダッシュをハイフンに", "dashes to hyphens"),
    "era-date": ("和暦を西暦に", "era to common year"),
    "date-layout": ("日付の書き方", "layout of dates"),
    "excel-serial": ("表計算ソフトの通し日を日付に", "spreadsheet serial to date"),
    "time-layout": ("時刻の書き方", "layout of times"),
    "excel-time": ("表計算ソフトの時刻の数値を時刻に", "spreadsheet fraction to time"),
    "all-day": ("終日を00:00～24:00に", "all day to 00:00–24:00"),
    "weekdays": ("曜日の書き方", "layout of weekdays"),
    "house-number": ("番地の書き方", "layout of house numbers"),
    "phone-layout": ("電話番号の書き方", "layout of telephone numbers"),
    "postcode-layout": ("郵便番号の書き方", "layout of postcodes"),
    "url-layout": ("URLの書き方", "layout of web addresses"),
    "email-layout": ("メールアドレスの書き方", "layout of mail addresses"),
    "extension-layout": ("内線番号の書き方", "layout of extensions"),
    "code-layout": ("団体コードの書き方", "layout of municipality codes"),
    "code-leading-zero": ("団体コードの先頭の0を復元", "leading zero restored"),
    "code-check-digit": ("団体コードの検査数字を補完", "check digit added"),
    "corporate-number-layout": ("法人番号の書き方", "layout of corporate numbers"),
    "town-id-layout": ("町字IDの書き方", "layout of town ids"),
    "dash-means-empty": ("「-」などを空欄に", "a dash to empty"),
    "unit": ("単位を除去", "unit removed"),
    "thousands": ("桁区切りを除去", "thousands separators removed"),
    "number-layout": ("数の書き方", "layout of numbers"),
    "yes-no": ("有無の書き方", "yes and no"),
    "code-list": ("決められた語に", "to the word of the list"),
    "list-separator": ("並びの区切りを「;」に", "list separator to ;"),
    "vocabulary": ("承認された言い換え", "approved word"),
    "degrees-minutes": ("度分秒を10進法に", "degrees and minutes to decimals"),
    "coordinate-layout": ("座標の書き方", "layout of coordinates"),
    "decimal-point": ("座標の小数点を復元", "decimal point restored"),
    "exchanged-coordinates": ("緯度と経度の入れ替わり", "latitude and longitude exchanged"),
    "zero-coordinates": ("0,0の座標を空欄に", "0,0 emptied"),
    "split-pair": ("一つのセルの緯度・経度を分割", "pair split"),
    "tokyo-datum": ("旧日本測地系から世界測地系に", "Tokyo Datum to world datum"),
    "address-joined": ("連結表記を各部から補完", "joined address from its parts"),
    "address-prefecture": ("住所に都道府県を補完", "prefecture put before the address"),
    "address-blank": ("住所の途中の空白を除去", "blank inside the address removed"),
    "address-part": ("住所の各部を連結表記から補完", "part of the address from the joined one"),
    "publisher-known": ("分かっている公開団体を補完", "publisher, which is known, filled in"),
    "gazetteer": ("町字を町丁目の表から補完", "town from the table of towns"),
}


def finding(code: str, *, row: int | None = None, item: str | None = None, **facts: object) -> Finding:
    """Make the finding of this code; `facts` fill the sentence, `value` is also kept beside it."""
    wording = WORDINGS[code]
    told = {"item": item or "", "value": "", **facts}
    message = Message(
        ja=wording.ja.format(**told) + wording.todo_ja.format(**told),
        en=wording.en.format(**told) + " " + wording.todo_en.format(**told),
    )
    value = facts.get("value")
    shown = None if value is None else str(value)
    return Finding(code=code, severity=wording.severity, message=message, row=row, item=item, value=shown)


def todo(code: str) -> Message | None:
    """What to do about findings of this code, without the particulars; None for codes of other stages."""
    wording = WORDINGS.get(code)
    if wording is None or "{" in wording.todo_ja + wording.todo_en:
        return None
    return Message(ja=wording.todo_ja, en=wording.todo_en)


def rule_name(rule: str) -> Message:
    """The readable name of a repair rule; chained rules are joined."""
    names = [RULES.get(part, (part, part)) for part in rule.split("+")]
    return Message(ja="・".join(ja for ja, _ in names), en=", ".join(en for _, en in names))
