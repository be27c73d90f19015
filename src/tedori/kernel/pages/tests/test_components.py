"""Each component renders what it promises, escaped, and readable without its colour."""

from django import forms
from django.template import Context, Template

from tedori.kernel.pages.values import Column, Link, Progress, Status, Table, Tile, TileMap


def rendered(source: str, **context: object) -> str:
    return Template("{% load components %}" + source).render(Context(context))


def test_a_status_says_in_words_what_its_colour_says():
    text = rendered('{% status "stop" label %}', label="停止 & <b>")
    assert "停止 &amp; &lt;b&gt;" in text
    assert 'aria-hidden="true">×' in text


def test_a_notice_escapes_its_title_and_keeps_its_content():
    text = rendered('{% notice "wait" title %}<p>{{ title }}</p>{% endnotice %}', title="<i>題</i>")
    assert text.count("&lt;i&gt;題&lt;/i&gt;") == 2
    assert "<i>" not in text


def test_a_table_heads_its_rows_links_states_and_parts_thousands():
    rows = ((Link("甲", "/a"), 35615, Status("ok", "公開中")), ("乙", None, None))
    table = Table("表", (Column("名"), Column("数", "number"), Column("状態")), rows, "?format=csv")
    text = rendered("{% table t %}", t=table)
    assert '<th scope="row" class="is-text"><a href="/a">甲</a></th>' in text
    assert "35,615" in text
    assert text.count('class="nothing"') == 2
    assert 'href="?format=csv"' in text
    assert 'tabindex="0" role="region" aria-label="表"' in text


class Form(forms.Form):
    name = forms.CharField(label="名前", help_text="公開される名前")


def test_a_field_ties_label_help_and_error_to_its_input():
    text = rendered("{% field form.name %}", form=Form({}))
    assert '<label class="label" for="id_name">' in text
    assert 'id="id_name_helptext"' in text
    assert 'aria-invalid="true"' in text
    described = text.split('aria-describedby="')[1].split('"')[0].split()
    assert described
    assert all(f'id="{one}"' in text for one in described)


def test_a_running_job_asks_again_and_offers_a_link_without_script():
    text = rendered("{% progress p %}", p=Progress(37, 100, "読み込み", "/jobs/1"))
    assert 'hx-get="/jobs/1"' in text
    assert "<noscript>" in text
    assert 'max="100" value="37"' in text
    done = rendered("{% progress p %}", p=Progress(100, 100, "完了", "/jobs/1", finished=True))
    assert "hx-get" not in done


def test_a_tile_says_its_value_and_links_only_where_there_is_something():
    tiles = TileMap("地図", (Tile(0, 0, "千代田", "92", 5, "/c"), Tile(1, 1.5, "青ヶ島", "–", 0)))
    text = rendered("{% tiles t %}", t=tiles)
    assert 'aria-label="千代田 92"' in text
    assert text.count("<a ") == 1
    assert 'viewBox="0 0 116 145"' in text


def test_crumbs_end_in_the_place_where_the_reader_is():
    text = rendered('{% crumbs "一覧" "/list" "ここ" %}')
    assert '<a href="/list">一覧</a>' in text
    assert '<span aria-current="page">ここ</span>' in text
