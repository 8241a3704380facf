"""Lines of events in Slack's lists say what the events' cards say."""

from bot.compose import slack_answers
from bot.model.insight import Claim, ClaimPart
from tests.builders import a_dossier
from tests.builders_cards import SITE
from tests.contract.builders import an_insight


def test_a_line_has_the_title_and_hook_of_its_insight() -> None:
    dossier = a_dossier(hook="Its own words.")
    hook = Claim(part=ClaimPart.HOOK, text="40 % better, says Halden.", language="en")
    insight = an_insight(dossier, title="Halden opens its model", claims=[hook])

    line = slack_answers.line_of_event(dossier, insight, policy=SITE, language="en")

    assert (line.title, line.hook) == ("Halden opens its model", "40 % better, says Halden.")


def test_a_line_of_an_event_without_insight_has_the_hook_of_the_event() -> None:
    dossier = a_dossier(hook="Its own words.")

    line = slack_answers.line_of_event(dossier, None, policy=SITE, language="en")

    assert (line.title, line.hook) == (dossier.event.title, "Its own words.")
