"""The lookup never leaves out a keyword that its pattern would find."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.model.keywords import Lookup, fold
from bot.model.words import LETTERS

BOUNDED = (
    "AI",
    "Series B",
    "open-weights model",
    "C++",
    "straße",
    "ﬁt",
    "kernel",
    "İstan",
    "§ 5",
    "§§",
    "Ⅷ",
    "agenten",
)
LOOSE = ("融资", "AI芯片", "大 模型", "ブ")
PIECES = (
    *BOUNDED, *LOOSE, "ai", "AIs", "Aies", "SERIES  B", "series-b", "model", "models", "c++s", "STRASSE", "ſtraẞe",
    "fit", "\u212aernel", "ıstan", "i̇stan", "agentens", "Agenten", "融", "资", "大模型", "§5", " ", " ", "-", "\n",
    "s", "es", "ß", "ﬁ", "é",
)  # fmt: skip
SPACES = st.sampled_from([" ", " ", " ", "", "-"])
TEXTS = st.lists(st.sampled_from(PIECES) | SPACES, max_size=14).flatmap(
    lambda pieces: SPACES.map(lambda space: space.join(pieces))
)


def bounded(word: str) -> re.Pattern[str]:
    written = re.escape(word).replace(r"\ ", r"[\s-]+")
    return re.compile(rf"(?<![{LETTERS}]){written}(?:e?s)?(?![{LETTERS}])", re.IGNORECASE)


@given(TEXTS)
def test_no_keyword_that_a_pattern_finds_is_left_out(text: str) -> None:
    lookup = Lookup(BOUNDED, LOOSE, with_plurals=True)

    found = {word for word in BOUNDED if bounded(word).search(text)}
    found |= {word for word in LOOSE if re.search(re.escape(word).replace(r"\ ", r"[\s-]+"), text, re.IGNORECASE)}

    assert found <= set(lookup.possible_in(text))


def test_keyword_is_looked_up_by_its_longest_word() -> None:
    lookup = Lookup(["open weights", "open source"], [])

    assert lookup.possible_in("They open their weights.") == ["open weights"]


def test_word_inside_another_word_is_no_keyword() -> None:
    lookup = Lookup(["fund"], [], with_plurals=True)

    assert lookup.possible_in("fundamental refunds") == []


def test_plural_counts_only_where_it_is_asked_for() -> None:
    assert Lookup(["agent"], [], with_plurals=True).possible_in("two agents") == ["agent"]
    assert Lookup(["open process"], [], with_plurals=True).possible_in("Open processes") == ["open process"]
    assert Lookup(["agent"], []).possible_in("two agents") == []


def test_chinese_keyword_is_found_inside_a_run() -> None:
    assert Lookup([], ["融资", "发布"]).possible_in("青禾科技完成新一轮融资") == ["融资"]


def test_letters_that_patterns_take_for_equal_fold_to_the_same() -> None:
    for one, other in (("İ", "i"), ("ı", "I"), ("\u212a", "k"), ("ſ", "S"), ("ẞ", "ß"), ("µ", "μ"), ("ς", "Σ")):
        assert re.fullmatch(one, other, re.IGNORECASE)
        assert fold(one) == fold(other)
