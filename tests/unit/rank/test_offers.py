import pytest

from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScoredEvent
from bot.rank import offers, score
from tests.builders import NOW, a_dossier, an_article


@pytest.mark.parametrize(
    "title",
    [
        "Tidal Promo Codes and Deals: Up to 40% Off",
        "Halden Coupon: Get Up to $50 Off",
        "Kern Coupons: 70% Off | March 2026",
        "10% Off Halcyon Laptops in March 2026",
        "Save $10 on your first Tidal order",
        "The best early spring laptop deals",
        "Deals - De beste elektronicadeals van week 10",
        "Best 7 Coffee Makers (2026): Drip by Drip",
        "The 37 Best Films on Tidal This Week (March 2026)",
        "Gutscheincodes für Halden im März",
        "鹿鸣商城优惠码：立减五十元",
    ],
)
def test_what_only_sells_is_an_offer(title: str) -> None:
    assert offers.is_offer(a_dossier(an_article(title)))


@pytest.mark.parametrize(
    "title",
    [
        "Halden signs a $250M chip deal with Tidal",
        "Regulator deals a blow to Halcyon",
        "Halcyon takes up to 30% off the price of its model",
        "Tidal's bond pays the highest coupon in years",
        "Researchers find the best way to store heat",
        "Sales of Halden chips doubled in 2026",
        "电商大促销量翻倍",
    ],
)
def test_news_of_prices_and_deals_is_no_offer(title: str) -> None:
    assert not offers.is_offer(a_dossier(an_article(title)))


def test_event_that_somebody_tells_as_news_is_no_offer() -> None:
    event = a_dossier(
        an_article("Best Tidal deals of the week"), an_article("Tidal halves the price of its pumps", source="kern")
    )

    assert not offers.is_offer(event)


def test_offer_ranks_below_the_news_of_one_publisher() -> None:
    offer, news = a_dossier(an_article("Tidal Promo Code: 30% Off")), a_dossier(an_article("Tidal opens a pump works"))

    first, second = scored(offer, news)

    assert first.event_id == news.event.id
    assert "offer" in [part.name for part in second.parts]
    assert second.score < first.score / 1.5


def scored(*dossiers: Dossier) -> list[ScoredEvent]:
    return score.events(
        dossiers,
        sources={},
        policy=RankPolicy(),
        at=NOW,
        recapped=frozenset(),
    )
