from bot.model.audience import Audience
from bot.model.labelled import SortedItem
from bot.understand import interest, taught
from tests.builders import a_dossier, an_article

BAKING = ("Rye bread rises slowly", "Bread ovens get hotter", "A bread of seven grains", "Bread prices rise")
SAILING = ("Regatta lost to calm wind", "A regatta of old boats", "Regatta winner sails home", "Regatta in the fog")
SORTED = [SortedItem(title, "", frozenset({"bakers"})) for title in BAKING] + [
    SortedItem(title, "", frozenset({"sailors"})) for title in SAILING
]


def test_audience_is_told_by_the_words_of_what_was_sorted() -> None:
    models = taught.learn(SORTED)

    assert taught.strongest(models["bakers"], count=1) == ["bread"]
    assert taught.ranked(SortedItem("New bread for the harbor", "", frozenset()), models)[0][0] == "bakers"


def test_taught_audience_matches_with_the_words_that_decided() -> None:
    bakers = Audience(id="bakers", name="Bakers", taught=taught.learn(SORTED)["bakers"])
    dossier = a_dossier(an_article("Bread for sale"))

    matches = interest.match_all([dossier], [bakers], sources={})[dossier.event.id]

    assert [(match.id, match.reason) for match in matches] == [("bakers", "mentions bread")]


def test_audience_that_few_items_name_is_not_learned() -> None:
    few = [*SORTED, SortedItem("A goat on the roof", "", frozenset({"herders"}))]

    assert sorted(taught.learn(few)) == ["bakers", "sailors"]


def test_chinese_is_learned_by_pairs_of_characters() -> None:
    stocks = [SortedItem(f"股市今日大跌{place}", "", frozenset({"stocks"})) for place in "上海北京"]
    games = [SortedItem(f"网络游戏新服{place}", "", frozenset({"games"})) for place in "上海北京"]

    models = taught.learn([*stocks, *games])

    assert taught.ranked(SortedItem("港股大跌", "", frozenset()), models)[0][0] == "stocks"
