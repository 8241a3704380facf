"""The timeline: oldest first, in the precision of the source."""

from datetime import UTC, datetime

from bot.analyze import timeline
from bot.model.article import Article, DateKind
from bot.model.event import Dossier
from tests.builders import a_dossier, an_article

TEXT = (
    "Ostra Systems opened its second plant on Monday. The firm was founded in Kiruna in 2019 by two engineers. "
    "In May 2024 Ostra raised $40 million from Tarn Capital. In June 2025 it doubled its output. "
    "Sales grew faster than in May 2023 and reached $90 million."
)


def entries(
    article: Article, *, earlier: tuple[Dossier, ...] = (), language: str = "en"
) -> list[tuple[str | None, str]]:
    found = timeline.entries([article], earlier=earlier, language=language)
    return [(claim.date, claim.text) for claim in found]


def test_dated_statements_and_first_coverage_stand_oldest_first() -> None:
    assert entries(an_article("Ostra opens plant", text=TEXT)) == [
        ("2019", "The firm was founded in Kiruna in 2019 by two engineers."),
        ("2024-05", "In May 2024 Ostra raised $40 million from Tarn Capital."),
        ("2026-11-16", "First reported by Halden"),
    ]


def test_single_entry_is_no_timeline() -> None:
    assert entries(an_article("Ostra opens plant", text="Ostra opened a plant.")) == []


def test_article_without_a_date_gives_no_first_coverage() -> None:
    article = an_article("Ostra opens plant", text=TEXT, published_at=None, date_kind=DateKind.MISSING)

    assert [date for date, _ in entries(article)] == ["2019", "2024-05"]


def test_earlier_events_are_background() -> None:
    then = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
    before = a_dossier(an_article("Ostra plans plant", source="tarn", published_at=then, collected_at=then))

    found = timeline.entries([an_article("Ostra opens plant")], earlier=[before], language="en")

    assert [(claim.date, claim.text, claim.background_on) for claim in found] == [
        ("2026-09-07", "Ostra plans plant", "2026-09-07"),
        ("2026-11-16", "First reported by Halden", None),
    ]
    assert found[0].citations[0].in_title


def test_chinese_dates_are_told_in_chinese() -> None:
    text = "澜图智能今天开源新模型。2025年9月，澜图发布了第一代模型，支持 12 种方言。"

    assert entries(an_article("澜图开源新模型", text=text, language="zh"), language="zh") == [
        ("2025-09", "2025年9月，澜图发布了第一代模型，支持 12 种方言。"),
        ("2026-11-16", "Halden率先报道"),
    ]


def test_german_dates_are_read() -> None:
    text = "Die Ostra AG baut ein Werk. Am 12. Mai 2025 hatte die Firma 40 Millionen Euro erhalten."

    assert entries(an_article("Ostra baut", text=text, language="de"), language="de")[0] == (
        "2025-05-12",
        "Am 12. Mai 2025 hatte die Firma 40 Millionen Euro erhalten.",
    )


def test_range_tells_no_step() -> None:
    article = an_article(
        "Ostra report", text="The report of Ostra covers the time from July 2019 through May 2024 in full."
    )

    assert entries(article) == []


def test_month_stands_before_its_days() -> None:
    text = (
        "On May 16, 2024 Ostra was summoned by the council of Luleå. "
        "Protests against mining reached the capital in May 2024 and lasted for weeks."
    )

    assert [date for date, _ in entries(an_article("Ostra report", text=text))] == [
        "2024-05",
        "2024-05-16",
        "2026-11-16",
    ]


def test_date_of_what_went_before_is_not_the_date_of_a_day_of_this_week() -> None:
    text = (
        "Ostra opened a plant. "
        "The council held on Tuesday a second hearing after the talks of June 2025 had collapsed. "
        "On Tuesday, March 3, 2026, the council of Kiruna voted for the plant."
    )

    assert entries(an_article("Ostra opens plant", text=text)) == [
        ("2026-03-03", "On Tuesday, March 3, 2026, the council of Kiruna voted for the plant."),
        ("2026-11-16", "First reported by Halden"),
    ]


def test_day_by_which_something_was_done_is_not_of_the_next_year() -> None:
    text = "Ostra opened a plant. The server counted 380,000 downloads by November 14 and went dark for a night."

    assert ("2026-11-14", "The server counted 380,000 downloads by November 14 and went dark for a night.") in entries(
        an_article("Ostra opens plant", text=text)
    )


def test_list_of_dates_is_no_step() -> None:
    text = (
        "Ostra opened a plant. The log shows a first upload on November 2, a report on November 11 and a takedown on "
        "November 14 at night."
    )

    assert entries(an_article("Ostra opens plant", text=text)) == []


def test_years_from_and_to_are_no_step_in_chinese() -> None:
    text = "2012到2015年，澜图的销量从一万台提升到两万台。2024年，澜图在塔恩设立了研究院并招聘了工程师。"

    assert [date for date, _ in entries(an_article("澜图开源新模型", text=text, language="zh"))] == [
        "2024",
        "2026-11-16",
    ]


def test_day_from_which_something_went_on_is_of_this_year() -> None:
    text = "据报道，从9月11日起，澜图连续 13 个夜晚测试新模型。澜图今天开源新模型。"

    assert ("2026-09-11", "据报道，从9月11日起，澜图连续 13 个夜晚测试新模型。") in entries(
        an_article("澜图开源新模型", text=text, language="zh")
    )
