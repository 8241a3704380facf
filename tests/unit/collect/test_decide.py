from datetime import UTC, datetime, timedelta

from bot.collect.decide import decide
from bot.model.article import Article, DateKind
from bot.model.values import digest_of
from tests.builders import MONDAY, an_article

LATER = MONDAY + timedelta(hours=5)


def polled_again(known: Article, **changes: object) -> Article:
    values = known.model_dump() | {"collected_at": LATER, "has_full_text": False} | changes
    values["content_hash"] = digest_of(str(values["title"]), str(values["text"]))
    return Article.model_validate(values)


def test_an_unknown_article_is_added() -> None:
    assert decide(an_article(), None).act == "add"


def test_an_unchanged_article_is_skipped() -> None:
    known = an_article(text="Rain.")

    decision = decide(polled_again(known), known)

    assert (decision.act, decision.reason) == ("skip", "unchanged")


def test_an_edited_article_keeps_id_collection_time_and_backlog_mark() -> None:
    known = an_article(text="Rain.", is_backlog=True)

    decision = decide(polled_again(known, text="Rain and sun.", is_backlog=False), known)

    assert (decision.act, decision.reason) == ("update", "text changed")
    assert decision.article.text == "Rain and sun."
    assert (decision.article.id, decision.article.collected_at) == (known.id, known.collected_at)
    assert decision.article.is_backlog


def test_a_new_title_is_an_update() -> None:
    known = an_article(text="Rain.")

    assert decide(polled_again(known, title="Another title"), known).reason == "title changed"


def test_changed_counts_alone_are_an_update() -> None:
    known = an_article(engagement={"points": 3})

    decision = decide(polled_again(known, engagement={"points": 90}), known)

    assert (decision.act, decision.reason) == ("update", "engagement changed")
    assert decision.article.engagement == {"points": 90}


def test_counts_that_a_feed_no_longer_gives_are_kept() -> None:
    known = an_article(engagement={"points": 3})

    assert decide(polled_again(known, engagement={}), known).act == "skip"


def test_new_markup_around_the_same_words_is_no_update() -> None:
    known = an_article(text="Rain.", html="<p>Rain.</p>")

    assert decide(polled_again(known, html="<p>Rain.</p><img src='https://t.example/p?n=2'>"), known).act == "skip"


def test_a_stored_full_text_outlives_the_feeds_teaser() -> None:
    known = an_article(text="Rain. Much more of it.", html="<p>Rain.</p>", has_full_text=True)

    assert decide(polled_again(known, text="Rain."), known).act == "skip"


def test_an_edit_of_the_teaser_does_not_lose_the_full_text() -> None:
    known = an_article(title="Rain", text="Rain. Much more of it.", html="<p>Rain.</p>", has_full_text=True)

    decision = decide(polled_again(known, title="Sun", text="Sun.", html="<p>Sun.</p>"), known)

    assert (decision.article.title, decision.article.text) == ("Sun", "Rain. Much more of it.")
    assert decision.article.has_full_text
    assert decision.article.content_hash == digest_of("Sun", "Rain. Much more of it.")


def test_a_feed_that_comes_to_tell_more_replaces_the_full_text() -> None:
    known = an_article(text="Rain. More.", html="<p>Rain.</p>", has_full_text=True)
    longer = "Rain. More. And all the rest of it."

    decision = decide(polled_again(known, text=longer, html=f"<p>{longer}</p>"), known)

    assert (decision.article.text, decision.article.has_full_text) == (longer, False)


def test_a_corrected_date_is_an_update() -> None:
    known = an_article()
    earlier = MONDAY - timedelta(hours=2)

    decision = decide(polled_again(known, published_at=earlier), known)

    assert (decision.reason, decision.article.published_at) == ("date changed", earlier)


def test_a_date_clamped_before_stays() -> None:
    known = an_article(published_at=MONDAY, is_date_clamped=True)

    assert decide(polled_again(known, published_at=LATER, is_date_clamped=True), known).act == "skip"


def test_a_date_after_the_first_collection_is_clamped_to_it() -> None:
    known = an_article(published_at=None, date_kind=DateKind.MISSING)

    decision = decide(polled_again(known, published_at=LATER, date_kind=DateKind.GIVEN), known)

    assert (decision.article.published_at, decision.article.is_date_clamped) == (known.collected_at, True)


def test_a_date_that_is_no_longer_given_stays() -> None:
    known = an_article()

    assert decide(polled_again(known, published_at=None, date_kind=DateKind.MISSING), known).act == "skip"


def test_a_language_detected_before_is_no_difference() -> None:
    known = an_article(language="en")

    assert decide(polled_again(known, language="und"), known).act == "skip"


def test_a_changed_time_of_change_alone_is_no_update() -> None:
    known = an_article()

    assert decide(polled_again(known, updated_at=datetime(2026, 11, 16, 12, tzinfo=UTC)), known).act == "skip"
