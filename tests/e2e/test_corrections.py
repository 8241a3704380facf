"""An operator corrects what was posted, and mends a channel that took nothing."""

from pathlib import Path

from tests.fakes.invented_week import CHANNEL, LATER, NOW, TOKEN, WEEK, an_office, routes
from tests.fakes.slack_server import SlackServer


def test_correction_reaches_the_channel_in_one_command(tmp_path: Path) -> None:
    with SlackServer() as slack:
        operator = an_office(tmp_path, routed=routes(email=False), RECAP_SLACK_API_URL=slack.url, SLACK_BOT_TOKEN=TOKEN)
        operator.recap("run", "--now", NOW)
        event = operator.recap("review", "show", "all", "--json").data["digest"]["cards"][0]["event_id"]

        first = operator.recap("correct", event, "--note", "It is 60 million.", "--by", "ada", "--now", LATER)
        again = operator.recap("correct", event, "--note", "It is 60 million.", "--by", "ada", "--now", LATER)

        assert first.out == "all: corrected; changed where it was posted (1), and the web says so.\n"
        assert again.out.startswith("all: said so already; ")
        assert "Corrected on 23 Nov:* It is 60 million." in str(slack.posted[0].arguments)
        assert len(slack.posted) == 7


def test_archived_channel_is_shown_until_it_is_mended(tmp_path: Path) -> None:
    with SlackServer(archived=["C0FOUNDERS"]) as slack:
        operator = an_office(tmp_path, routed=routes(email=False), RECAP_SLACK_API_URL=slack.url, SLACK_BOT_TOKEN=TOKEN)
        operator.recap("run", "--now", NOW)
        shown = operator.recap("recaps").err
        slack.archived.clear()
        operator.recap("deliveries", "--retry", "--now", LATER)
        operator.recap("send", "--week", WEEK, "--now", LATER)

        assert shown.startswith(
            f"{CHANNEL} (route all) takes nothing since 2026-11-23 09:00 UTC: Slack says is_archived"
        )
        assert operator.recap("recaps").err == ""
        assert len(slack.posted) == 6
