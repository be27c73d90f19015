"""A replaced definition says what it changes."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.definitions import FOLDER, DefinitionError, definition, read, replaced
from tedori.engines.tabular.editions import diff


def edited(tmp_path, *changes: tuple[str, str]):
    text = (FOLDER / "fire_hydrant.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path = tmp_path / "fire_hydrant.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.req("O07")
def test_two_versions_of_a_schema_are_compared_item_by_item(tmp_path):
    path = edited(
        tmp_path,
        ("\n- 備考", "\n- 水量: {kind: number, demand: 推奨}\n- 備考"),
        ("demand: 必須", "demand: 任意"),
    )
    changes = {(c.kind, c.item, c.before, c.after) for c in diff(definition("fire_hydrant"), read(path))}
    assert ("added", "水量", None, "水量") in changes
    assert ("demand", "種別", "必須", "任意") in changes
    assert {kind for kind, *_ in changes} == {"added", "demand", "edition"}


def test_a_renamed_item_is_told_by_its_english_name(tmp_path):
    path = edited(tmp_path, ("- 口径:", "- 管の口径:"))
    renamed = [c for c in diff(definition("fire_hydrant"), read(path)) if c.kind == "renamed"]
    assert [(c.before, c.after) for c in renamed] == [("口径", "管の口径")]


def test_the_same_definition_has_no_differences():
    assert diff(definition("aed"), definition("aed")) == ()


def test_one_file_takes_the_place_of_its_namesake(tmp_path):
    path = edited(tmp_path, ("\n- 備考", "\n- 水量: {kind: number}\n- 備考"))
    merged = replaced(path)
    assert len(merged) == 27
    assert "水量" in [item.name for item in merged["fire_hydrant"].items]


def test_a_definition_that_says_something_impossible_is_refused_with_its_place(tmp_path):
    path = edited(tmp_path, ("\n- 備考", "\n- 水量: {kind: litres}\n- 備考"))
    with pytest.raises(DefinitionError, match="fire_hydrant.yaml: 水量: kind 'litres' unknown"):
        read(path)
