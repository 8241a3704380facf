"""A correction at a stand-in for Slack: what was posted says so, once, and so does the thread."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.compose.revise import CardPart
from bot.model.delivery import DeliveryState
from bot.model.errors import NotAllowed, NotFound
from bot.workflows import correct_recap, edit_events, look_up, show_pages
from bot.workflows.correct_recap import Corrected, Correction
from bot.workflows.review_recap import Editor
from tests.fakes import slack_server
from tests.fakes.slack_office import BUILT, Office, opened

ADA = Editor("ada", BUILT + timedelta(days=9))
NOTE = "It is 60 million, not <80>."


def correct(office: Office, event: str, note: str = NOTE, lines: Mapping[CardPart, str] | None = None) -> Corrected:
    [done] = correct_recap.correct(event, Correction(note, lines or {}), ADA, desk=office.bot.desk)
    return done


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


def test_correction_changes_the_message_and_the_reply_and_says_so_below(office: Office) -> None:
    office.send()
    before = [each.ts for each in office.slack.posted]

    done = correct(office, office.digest().cards[1].event_id)
    office.send(ADA.at)

    parent, *replies, line = office.slack.posted
    assert [each.ts for each in office.slack.posted][:-1] == before
    assert (done.revision, done.places, done.is_new) == (1, 1, True)
    assert "It is 60 million, not &lt;80&gt;." in str(parent.arguments["blocks"])
    assert ["&lt;80&gt;" in str(each.arguments) for each in replies] == [False, True, False, False, False]
    assert line.thread_ts == parent.ts
    assert str(line.arguments["text"]).startswith("Correction: ")


def test_same_correction_again_changes_nothing(office: Office) -> None:
    office.send()
    event = office.digest().cards[0].event_id
    correct(office, event)
    office.send(ADA.at)

    again = correct(office, event, " It is 60 million,\nnot <80>. ")
    office.send(ADA.at)

    assert (again.revision, again.is_new) == (1, False)
    assert len(office.slack.posted) == 7
    assert [act.act for act in office.bot.store.load_review_acts(office.digest().key)] == ["correct"]


def test_second_correction_is_another_revision(office: Office) -> None:
    office.send()
    first, second = (card.event_id for card in office.digest().cards[:2])
    correct(office, first)

    done = correct(office, second, "The plant is in Sweden.")
    office.send(ADA.at)

    assert done.revision == 2
    assert len(office.thread()) == 5 + 2
    assert "60 million" in str(office.slack.posted[0].arguments)
    assert "Sweden" in str(office.slack.posted[0].arguments)


def test_digest_that_was_not_posted_yet_goes_out_corrected_without_a_word_below(office: Office) -> None:
    done = correct(office, office.digest().cards[0].event_id)

    office.send()

    assert (done.places, done.unsent) == (0, 6)
    assert len(office.slack.posted) == 6
    assert "60 million" in str(office.slack.posted[0].arguments)


def test_change_whose_answer_is_lost_is_made_again(office: Office) -> None:
    office.send()
    correct(office, office.digest().cards[0].event_id)
    office.slack.updates.extend([slack_server.DROPS_AFTER, slack_server.BREAKS])

    office.send(ADA.at)
    office.send(ADA.at + timedelta(minutes=10))
    office.send(ADA.at + timedelta(minutes=20))

    assert {each.state for each in office.bot.store.load_deliveries()} == {DeliveryState.SENT}
    assert len(office.slack.posted) == 7


def test_page_of_the_event_shows_the_correction(office: Office) -> None:
    event = office.digest().cards[0].event_id

    correct(office, event)

    for language in ("en", "zh"):
        card = show_pages.event(event, desk=office.bot.desk, now=ADA.at, language=language)
        assert [(each.text, each.revision) for each in card.corrections] == [(NOTE, 1)]


def test_corrected_line_stands_in_the_message_the_reply_and_on_the_page(office: Office) -> None:
    office.send()
    event = office.digest().cards[1].event_id

    said = {CardPart.WHAT_CHANGED: "Brightwell raised 60 million."}
    done = [correct(office, event, "", said).is_new for _ in range(2)]
    office.send(ADA.at)

    parent, *replies, line = office.slack.posted
    page = show_pages.event(event, desk=office.bot.desk, now=ADA.at, language="en")
    assert done == [True, False]
    assert str(parent.arguments["blocks"]).count("Brightwell raised 60 million.") == 2
    assert "*What Changed* Brightwell raised 60 million." in str(parent.arguments["blocks"])
    assert "Brightwell raised 60 million. (From the editor)" in str(replies[1].arguments["blocks"])
    assert "“Brightwell raised 60 million.”" in str(line.arguments["text"])
    assert page.what_changed is not None
    assert (page.what_changed.text, page.what_changed.label) == ("Brightwell raised 60 million.", "editor")


@pytest.mark.parametrize("which", [0, 1], ids=["kept", "merged"])
def test_corrected_line_outlives_a_merge(office: Office, which: int) -> None:
    kept, other = (card.event_id for card in office.digest().cards[:2])
    both = sorted((kept, other), key=lambda event: look_up.dossier_of(event, desk=office.bot.desk).founded_at)
    first, corrected = both[0], both[which]
    correct(office, corrected, NOTE, {CardPart.HOOK: "Sixty, not eighty."})

    edit_events.merge(kept, other, desk=office.bot.desk, now=ADA.at)

    page = show_pages.event(first, desk=office.bot.desk, now=ADA.at, language="en")
    assert page.coverage.articles == 2
    assert page.hook is not None
    assert page.hook.text == "Sixty, not eighty."
    assert [each.text for each in page.corrections] == [NOTE]


def test_line_goes_into_digests_of_its_language_alone(office: Office) -> None:
    event = office.digest().cards[0].event_id
    said = Correction("", {CardPart.HOOK: "六千万。"}, "zh")

    with pytest.raises(NotAllowed, match=r"give `--language` \(of en\)"):
        correct_recap.correct(event, said, ADA, desk=office.bot.desk)


def test_what_no_digest_shows_is_not_corrected(office: Office) -> None:
    with pytest.raises(NotFound, match="shows event 'e404'"):
        correct(office, "e404")
    with pytest.raises(NotAllowed, match="says what was wrong"):
        correct(office, office.digest().cards[0].event_id, " ")


def test_draft_is_changed_in_review(tmp_path: Path) -> None:
    with opened(tmp_path, review="required") as office, pytest.raises(NotAllowed, match="stands in a draft only"):
        correct(office, office.digest().cards[0].event_id)
