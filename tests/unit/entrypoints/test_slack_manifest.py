"""The manifest, by the limits of https://github.com/slackapi/manifest-schema (2.0.0)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import settings as settings_room
from bot.adapters.slack import SlackSender
from bot.entrypoints.slack_app import examine, manifest
from bot.settings import Settings
from tests.fakes import invented_week
from tests.fakes.invented_week import an_office
from tests.fakes.slack_client import AUDIENCES
from tests.fakes.slack_server import TOKEN, SlackServer


def some_settings(home: Path, **environment: str) -> Settings:
    office = an_office(home, **environment)
    (office.config / "audiences.yaml").write_text(AUDIENCES, encoding="utf-8")
    shipped = settings_room.shipped_directory()
    return settings_room.load(office.config, environment=office.environment, defaults=shipped)


def test_the_manifest_keeps_the_limits_of_the_schema(tmp_path: Path) -> None:
    given: dict[str, Any] = manifest.manifest(some_settings(tmp_path, RECAP_BASE_URL="https://recap.example"))
    about, command = given["display_information"], given["features"]["slash_commands"][0]

    assert 1 <= len(about["name"]) <= 35
    assert 1 <= len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert 1 <= len(given["features"]["bot_user"]["display_name"]) <= 80
    assert 2 <= len(command["command"]) <= 32
    assert len(command["usage_hint"]) <= 1000
    assert command["url"] == "https://recap.example/slack/events"


def test_requests_of_every_kind_come_to_one_address(tmp_path: Path) -> None:
    given: dict[str, Any] = manifest.manifest(some_settings(tmp_path, RECAP_BASE_URL="https://recap.example/news/"))

    asked = given["settings"]
    assert asked["event_subscriptions"]["request_url"] == "https://recap.example/news/slack/events"
    assert asked["interactivity"]["request_url"] == "https://recap.example/news/slack/events"
    assert asked["socket_mode_enabled"] is False


@pytest.mark.parametrize(
    "environment",
    [{"RECAP_BASE_URL": "http://127.0.0.1:8000"}, {"RECAP_BASE_URL": "https://a.example", "SLACK_APP_TOKEN": "xapp-1"}],
    ids=["no-https", "app-token"],
)
def test_an_app_that_fetches_its_requests_names_no_address(tmp_path: Path, environment: dict[str, str]) -> None:
    given: dict[str, Any] = manifest.manifest(some_settings(tmp_path, **environment))

    assert given["settings"]["socket_mode_enabled"] is True
    assert "url" not in given["features"]["slash_commands"][0]
    assert "request_url" not in json.dumps(given)


def test_json_and_yaml_say_the_same_and_yaml_quotes_every_text(tmp_path: Path) -> None:
    given = manifest.manifest(some_settings(tmp_path, RECAP_BASE_URL="https://recap.example"))

    as_yaml = manifest.as_yaml(given)

    assert YAML(typ="safe").load(as_yaml) == json.loads(manifest.as_json(given)) == given
    assert '- "chat:write"' in as_yaml


def test_a_token_without_the_apps_scopes_is_a_fault_that_names_them(tmp_path: Path) -> None:
    with SlackServer(scopes=frozenset({"chat:write", "commands"})) as slack:
        given = some_settings(
            tmp_path,
            SLACK_BOT_TOKEN=TOKEN,
            SLACK_SIGNING_SECRET="secret",
            RECAP_SLACK_API_URL=slack.url,
            RECAP_BASE_URL="https://recap.example",
        )

        (scopes, way_in) = examine.findings(given)

    assert scopes[0] == "fault"
    assert "lacks the scopes im:write, users:read" in scopes[1]
    assert way_in[0] == "ok"


def test_a_token_alone_is_told_how_to_get_commands_and_buttons(tmp_path: Path) -> None:
    ((level, text),) = examine.findings(some_settings(tmp_path, SLACK_BOT_TOKEN=TOKEN))

    assert (level, "SLACK_SIGNING_SECRET" in text) == ("note", True)


def review_findings(
    home: Path, environment: Mapping[str, str], *, review: str, foreign: tuple[str, ...] = ()
) -> list[str]:
    recap = f"{invented_week.RECAP}review: {{{review}}}\n"
    with SlackServer(channels={"C0EDITORS": "editors"}, foreign=foreign) as slack:
        office = an_office(
            home,
            recap=recap,
            routed=invented_week.routes(review="required"),
            SLACK_BOT_TOKEN=TOKEN,
            RECAP_SLACK_API_URL=slack.url,
            **environment,
        )
        shipped = settings_room.shipped_directory()
        given = settings_room.load(office.config, environment=office.environment, defaults=shipped)
        found = examine.review(given, given.routes, sender=SlackSender(TOKEN, api_url=slack.url), shut=[])
        return [f"{level}: {text}" for level, text in found]


@pytest.mark.parametrize(
    ("review", "environment", "said"),
    [
        ("channel: C0EDITORS", {"SLACK_SIGNING_SECRET": "s"}, "ok: drafts of all come to C0EDITORS, with buttons."),
        (
            "channel: C0EDITORS",
            {},
            "note: drafts of all come to C0EDITORS without buttons: the app cannot hear clicks.",
        ),
        (
            "nudge_hours: 2",
            {},
            "note: drafts of all wait for `recap review`: set `review: {channel: ...}` in recap.yaml, "
            "and they come to Slack with buttons.",
        ),
    ],
    ids=["sound", "deaf", "no-channel"],
)
def test_doctor_says_how_drafts_reach_their_editors(
    tmp_path: Path, review: str, environment: dict[str, str], said: str
) -> None:
    assert review_findings(tmp_path, environment, review=review) == [said]


def test_doctor_says_that_the_app_is_not_in_the_editors_channel(tmp_path: Path) -> None:
    found = review_findings(
        tmp_path, {"SLACK_SIGNING_SECRET": "secret"}, review='channel: "#editors"', foreign=("C0EDITORS",)
    )

    assert found == [
        "fault: the app is not in #editors: invite the app to the channel, or give it the scope chat:write.public."
    ]
