"""Which language a reader gets."""

from __future__ import annotations

import pytest

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.languages import best_language


@pytest.mark.parametrize(
    ("there", "wanted", "got"),
    [
        ("ja en", "en", "en"),
        ("ja en", "EN", "en"),
        ("ja en", "en-US", "en"),
        ("ja en-GB", "en", "en-GB"),
        ("zh-Hans zh-Hant", "zh-Hant-TW", "zh-Hant"),
        ("ja en fr", "fr;q=0.5, en;q=0.8", "en"),
        ("ja en fr", "de, fr;q=0.5", "fr"),
        ("ja en", "en;q=0, ja", "ja"),
        ("ja en @none", "ko", "@none"),
        ("ja en", "ko", "ja"),
        ("ja en", "*", "ja"),
        ("ja en", "ko, *;q=0.5, en;q=0.1", "ja"),
        ("ja en", "", "ja"),
    ],
)
def test_the_best_language_there_is(there, wanted, got):
    assert best_language(dict.fromkeys(there.split(), "text"), wanted) == got


def test_a_weight_that_is_no_number_is_refused():
    with pytest.raises(NgsiLdError) as refused:
        best_language({"ja": "x"}, "ja;q=very")
    assert refused.value.kind == "InvalidRequest"
