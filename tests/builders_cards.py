"""Builders of cards and digests: an invented event of an invented week."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from bot.adapters.templates import JinjaRenderer
from bot.compose import digest as digests
from bot.model.digest import Card, CardLine, Digest
from bot.model.event import EventState
from bot.model.policy import CardPolicy, MailingList
from bot.model.recap import Recap, RecapNumbers
from bot.model.route import Destination, Medium, Route
from bot.model.values import Language
from bot.ports import Renderer
from tests.builders import MONDAY, NOW

TEMPLATES = Path(__file__).parents[1] / "templates"
LIST = MailingList(
    id="weekly",
    name="Weekly AI Recap",
    sender="Recap <recap@recap.example>",
    postal_address="Recap Example, 1 Sample Street, 12345 Sampletown",
)
SITE = CardPolicy(base_url="https://recap.example", title="Weekly AI Recap")

HOSTILE = "<!channel> <@U0123> *bold* _it_ ~no~ `code` :fire: & <https://evil.example|click> [a](b) **c**"
CHINESE = "百川云发布新一代训练芯片功耗降低四成" * 17
ARABIC = "أعلنت شركة هالسيون عن نموذج جديد للطقس " * 8
EMOJI = "👩‍👩‍👧‍👦" * 43


@cache
def a_renderer() -> Renderer:
    return JinjaRenderer(TEMPLATES, languages=("en", "zh"))


def a_line(text: str, *sources: int, **values: object) -> CardLine:
    return CardLine.model_validate({"text": text, "sources": list(sources), "language": "en"} | values)


def a_card(title: str = "Halcyon Labs opens its weather model", **values: object) -> Card:
    given: dict[str, object] = {
        "event_id": "e0123456789",
        "thread_id": "t0123456789",
        "url": "https://recap.example/e/e0123456789-halcyon-labs-opens-its-weather-model",
        "week": "2026-W47",
        "recap_url": "https://recap.example/w/2026-W47",
        "publisher": "Halden Wire",
        "title": title,
        "language": "en",
        "first_published_at": MONDAY,
        "last_published_at": MONDAY + timedelta(hours=5),
        "coverage": {"articles": 1, "publishers": ["Halden Wire"], "languages": ["en"]},
        "originals": [{"title": title, "url": "https://halden.example/weather", "publisher": "Halden Wire"}],
    }
    return Card.model_validate(given | values)


def a_full_card(title: str = "Halcyon Labs opens its weather model", **values: object) -> Card:
    """Every part of PRODUCT.md section 1 has something to show."""
    given: dict[str, object] = {
        "is_hot": True,
        "publisher": "青屿科技",
        "state": EventState.DEVELOPING,
        "collected_in_s": 1560.0,
        "hook": a_line("Halcyon Labs gives away a 12-billion-parameter forecaster that ran on one rented GPU", 1),
        "what_changed": a_line("Halcyon Labs published weights and training code under the Apache 2.0 license.", 1, 2),
        "why_it_matters": a_line("Regional weather services can forecast ten days ahead without a supercomputer.", 2),
        "what_to_do_next": a_line("Try the released weights on your own region before the winter.", label="playbook"),
        "audiences": [
            {"id": "researchers", "name": "AI Researchers", "confidence": 0.9, "reason": "“weights”, “training code”"},
            {"id": "founders", "name": "Founders & Product Leaders", "confidence": 0.6, "reason": "“license”"},
        ],
        "takeaways": [
            a_line("The model was trained on 40 years of station data.", 2),
            a_line("Reported by 3 publishers in 2 languages.", label="computed"),
            a_line("Halcyon Labs raised $40 million in May.", 3, label="background", date="2026-05-12"),
        ],
        "implications": [
            a_line(
                "Two national services will switch within a year.", 2, rationale="Says Mira Osei, head of forecasting."
            )
        ],
        "timeline": [
            a_line("Halcyon Labs is founded.", 2, date="2023-05"),
            a_line("The weights are published.", 1, date="2026-11-16"),
        ],
        "sources": [
            a_source_line(1, "青屿科技", "zh", "海尔康实验室公开了其天气模型的权重。"),
            a_source_line(2, "Halden Wire", "en", "The lab released weights and training code under Apache 2.0."),
            a_source_line(3, "Tidewater Notes", "en", "Halcyon Labs closed a $40 million round."),
        ],
        "coverage": {
            "articles": 4,
            "publishers": ["青屿科技", "Halden Wire", "Tidewater Notes"],
            "languages": ["zh", "en"],
        },
        "claims_sourced": 8,
        "claims_dropped": 1,
        "score": 0.71,
        "score_parts": [
            {"name": "coverage", "value": 0.5, "weight": 0.35, "reason": "3 publishers"},
            {"name": "recency", "value": 0.8, "weight": 0.15, "reason": "36 hours old"},
        ],
        "related": [
            {
                "title": "Halcyon Labs hires a storm team",
                "url": "https://recap.example/e/e9876543210-storm",
                "publisher": "Halden Wire",
                "language": "en",
                "note": "2026-W44 new",
            },
            {
                "title": "Brightfjord cuts its forecast prices",
                "url": "https://recap.example/e/e1112223334-prices",
                "publisher": "Tidewater Notes",
                "language": "en",
            },
        ],
        "originals": [
            {
                "title": "海尔康公开天气模型",
                "url": "https://qingyu.example/a",
                "publisher": "青屿科技",
                "language": "zh",
            },
            {"title": title, "url": "https://halden.example/weather", "publisher": "Halden Wire", "language": "en"},
        ],
    }
    return a_card(title, **(given | values))


def a_worst_card(title: str) -> Card:
    long = a_line(title * 10, *range(1, 31), rationale=title * 10, date="2026-11-16")
    full = a_full_card(title[:300])
    return full.model_copy(
        update={
            "publisher": title[:300],
            "hook": long,
            "what_changed": long,
            "why_it_matters": long,
            "what_to_do_next": long,
            "takeaways": [long] * 40,
            "implications": [long] * 40,
            "timeline": [long] * 40,
            "sources": [full.sources[0].model_copy(update={"quote": title * 10, "number": n}) for n in range(1, 99)],
            "related": [full.related[0].model_copy(update={"title": title})] * 60,
            "originals": [full.originals[0].model_copy(update={"url": f"https://e.example/?{'&' * 900}"})] * 60,
            "audiences": [full.audiences[0].model_copy(update={"name": title})] * 30,
        }
    )


def a_source_line(number: int, publisher: str, language: Language, quote: str) -> dict[str, object]:
    return {
        "number": number,
        "article_id": f"a{number}",
        "publisher": publisher,
        "title": "A title",
        "url": f"https://news.example/{number}?a=1&b=2",
        "language": language,
        "quote": quote,
    }


def a_route(**values: object) -> Route:
    given: dict[str, object] = {
        "id": "everyone",
        "name": "Everyone",
        "destinations": [
            Destination(medium=Medium.SLACK, id="#ai-news"),
            Destination(medium=Medium.EMAIL, id="weekly"),
        ],
        "timezone": "Europe/Berlin",
    }
    return Route.model_validate(given | values)


def a_recap(**values: object) -> Recap:
    given: dict[str, object] = {
        "id": "2026-W47",
        "week": "2026-W47",
        "zone": "UTC",
        "title": "Weekly AI Recap",
        "starts_at": "2026-11-16T00:00:00Z",
        "ends_at": "2026-11-23T00:00:00Z",
        "built_at": NOW,
        "numbers": RecapNumbers(
            first_day="2026-11-16",
            last_day="2026-11-22",
            articles=1412,
            events=37,
            publishers=21,
            languages=2,
            sources=41,
            failed_sources=["kern-canvas", "pipelark", "preprint-desk"],
        ),
    }
    return Recap.model_validate(given | values)


def a_digest(*cards: Card, route: Route | None = None, **values: object) -> Digest:
    built = digests.for_route(
        a_recap(),
        (route or a_route()).model_copy(update={"min_events": 0}),
        cards or (a_full_card(),),
        renderer=a_renderer(),
        policy=SITE,
        list_policy=LIST,
        now=NOW,
    )
    return built.model_copy(update=values)
