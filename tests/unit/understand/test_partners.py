import numpy as np
import pytest

from bot.model.article import Article
from bot.understand import likeness, partners
from bot.understand.likeness import Pairs
from tests.builders import MONDAY, an_article

ENGLISH, OTHER_ENGLISH, CHINESE, OTHER_CHINESE = range(4)
LEAD = "Orrery Labs sold the Tidewell works to Quill for 900 million dollars on Monday. " * 5

Chances = dict[tuple[int, int], float]


def told(*, text: str = "", is_dated: bool = False) -> list[Article]:
    titles = [("Orrery sells", "en"), ("Orrery buys", "en"), ("奥雷里售出", "zh"), ("奥雷里买入", "zh")]
    at = MONDAY if is_dated else None
    return [
        an_article(title, language=language, source=title, text=text, published_at=at) for title, language in titles
    ]


def weighed(articles: list[Article], chances: Chances, *, owners: tuple[int, ...] = ()) -> Chances:
    one, other = np.array(list(chances)).T
    pairs = Pairs(one, other, np.array(list(chances.values()), dtype=np.float32))
    is_undated = np.array([article.published_at is None for article in articles])
    settled = partners.Settled(np.array(owners, dtype=np.int64), is_undated)
    found = partners.weighed(likeness.prepare(articles, {}), pairs, settled)
    return dict(zip(chances, found.astype(float).round(2).tolist(), strict=True))


def test_best_match_of_each_other_across_languages_counts_for_more() -> None:
    found = weighed(told(), {(ENGLISH, CHINESE): 0.5, (ENGLISH, OTHER_CHINESE): 0.1})

    assert found[ENGLISH, CHINESE] == 0.88


def test_best_match_that_has_a_better_one_itself_is_no_partner() -> None:
    found = weighed(told(), {(ENGLISH, CHINESE): 0.5, (OTHER_ENGLISH, CHINESE): 0.8})

    assert found[ENGLISH, CHINESE] < 0.5


def test_match_that_hardly_stands_out_is_no_partner() -> None:
    chances = {(ENGLISH, CHINESE): 0.5, (ENGLISH, OTHER_CHINESE): 0.45, (ENGLISH, OTHER_ENGLISH): 0.6}

    assert weighed(told(), chances) == chances


def test_bare_titles_that_have_partners_must_be_surer_to_join_others() -> None:
    found = weighed(told(), {(ENGLISH, CHINESE): 0.9, (ENGLISH, OTHER_ENGLISH): 0.9})

    assert found == {(ENGLISH, CHINESE): 0.99, (ENGLISH, OTHER_ENGLISH): 0.14}


@pytest.mark.parametrize("articles", [told(text=LEAD), told(is_dated=True)], ids=["text", "date"])
def test_articles_with_text_or_date_join_others_whatever_their_partners(articles: list[Article]) -> None:
    found = weighed(articles, {(ENGLISH, CHINESE): 0.9, (ENGLISH, OTHER_ENGLISH): 0.9})

    assert found[ENGLISH, OTHER_ENGLISH] == 0.9


def test_known_event_told_in_both_languages_has_its_partners() -> None:
    articles = [told()[place] for place in (ENGLISH, CHINESE, OTHER_CHINESE)]

    found = weighed(articles, {(0, 2): 0.9}, owners=(0, 0))

    assert found == {(0, 2): 0.14}


def test_articles_of_one_language_stay_as_they_are() -> None:
    assert weighed(told()[:2], {(0, 1): 0.7}) == {(0, 1): 0.7}
