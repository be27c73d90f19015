"""Recognition and mapping measured on real files against labels made by hand."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.mapping.tests.labelled import OPEN, Score, judge, labels, seen


@pytest.fixture(scope="module")
def measured(shared):
    root = shared / "data" / "municipal"
    found = [(label, *seen(root / label.at, label)) for label in labels() if (root / label.at).is_file()]
    if len(found) < 60:
        pytest.skip(f"only {len(found)} of the labelled real files are here")
    return found


@pytest.mark.req("O01", "O03")
def test_dataset_and_edition_are_recognised_in_98_of_100_real_files(measured):
    wrong = [
        f"{label.at}: {recognition.slug} {recognition.edition}, not {label.dataset} {label.edition}"
        for label, recognition, _, _ in measured
        if (recognition.slug, recognition.edition) != (label.dataset, label.edition)
    ]
    assert len(wrong) <= 0.02 * len(measured), "\n".join(wrong)


def test_the_publisher_is_found_wherever_the_file_tells_it(measured):
    wrong = [
        f"{label.at}: {place.code} {place.name}, not {label.code}"
        for label, _, place, _ in measured
        if label.code != OPEN and place.code != label.code
    ]
    assert len(wrong) <= 0.02 * len(measured), "\n".join(wrong)


@pytest.mark.req("O02")
def test_accepted_columns_are_right_and_most_mappable_columns_are_accepted(measured):
    score = Score()
    for label, _, _, matches in measured:
        if label.dataset is not None:
            judge(label, matches, score)
    assert score.accepted > 1000
    assert score.right >= 0.99 * score.accepted, "\n".join(score.errors)
    assert score.found >= 0.92 * score.mappable, "\n".join(score.missed)
