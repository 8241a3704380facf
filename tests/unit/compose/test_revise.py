"""What an editor may change in a digest."""

from bot.compose import revise
from bot.compose.revise import CardPart
from bot.model.digest import CardLink, CardSource, Digest, DigestSection
from tests.builders_cards import a_card, a_line
from tests.delivery_builders import a_digest


def sectioned() -> Digest:
    """A, B under one heading; C under another."""
    return a_digest(
        cards=[a_card(event_id=event, url=f"https://recap.example/e/{event}") for event in "ABC"],
        sections=[
            DigestSection(id="founders", title="Founders", event_ids=["A", "B"]),
            DigestSection(id="", title="More", event_ids=["C"]),
        ],
    )


def events(digest: Digest) -> list[list[str]]:
    assert [card.event_id for card in digest.cards] == [e for section in digest.sections for e in section.event_ids]
    return [section.event_ids for section in digest.sections]


def test_moved_event_comes_under_the_heading_of_its_new_place() -> None:
    assert events(revise.moved(sectioned(), "C", 1)) == [["C", "A", "B"]]
    assert events(revise.moved(sectioned(), "A", 3)) == [["B"], ["C", "A"]]
    assert events(revise.moved(sectioned(), "A", 99)) == [["B"], ["C", "A"]]


def test_heading_without_events_goes() -> None:
    assert events(revise.without(sectioned(), "C")) == [["A", "B"]]
    assert events(revise.without(sectioned(), "A")) == [["B"], ["C"]]


def test_added_event_comes_last_and_is_no_more_among_the_others() -> None:
    card = a_card(event_id="D", url="https://recap.example/e/D")
    digest = sectioned().model_copy(update={"also": [CardLink(title="D", url=card.url), CardLink(title="E", url="E")]})

    added = revise.with_card(digest, card)

    assert events(added) == [["A", "B"], ["C", "D"]]
    assert [link.title for link in added.also] == ["E"]


def test_editors_line_stands_on_no_source_and_takes_its_orphans_along() -> None:
    quotes = [
        CardSource(
            number=number, article_id="a", publisher="P", title="T", url="https://p.example", language="en", quote="Q"
        )
        for number in (1, 2)
    ]
    card = a_card(event_id="A", hook=a_line("Old.", 1, 2), what_changed=a_line("Kept.", 2), sources=quotes)
    digest = a_digest(cards=[card.model_copy(update={"claims_sourced": 2})])

    [changed] = revise.rewritten(digest, "A", CardPart.HOOK, text=" The editor\nsays so. ").cards

    assert changed.hook == a_line("The editor says so.", label="editor")
    assert [source.number for source in changed.sources] == [2]
    assert changed.claims_sourced == 1


def test_empty_words_take_the_line_away() -> None:
    digest = a_digest(cards=[a_card(event_id="A", hook=a_line("Old."))])

    assert revise.rewritten(digest, "A", CardPart.HOOK, text=" ").cards[0].hook is None
