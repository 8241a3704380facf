"""Everything that a reader sees of the app in Slack, made of an invented week, as Slack and a browser would take it."""

from collections.abc import Iterator

import pytest

from bot.compose.preview import Scene
from bot.entrypoints.slack_app import scenes
from bot.wiring import outbox_page
from tests.fakes import slack_blocks
from tests.fakes.slack_office import BUILT, Office, opened

NAMES = [
    "digest", "correction", "draft", "weekly", "follow",
    "week", "search", "event", "why", "since", "mute", "sources", "help",
    "modal", "wrong", "review", "feedback", "subscribe", "route", "mutes", "home",
]  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(tmp_path_factory.mktemp("scenes")) as office:
        yield office


def faults(scene: Scene) -> list[str]:
    found = [fault for message in scene.messages for fault in slack_blocks.faults([*message.blocks])]
    return found + (slack_blocks.view_faults(scene.view, kind=str(scene.view["type"])) if scene.view else [])


def test_slack_takes_every_scene(office: Office) -> None:
    shown = scenes.of_bot(office.bot)

    assert [scene.name for scene in shown] == NAMES
    assert {scene.name: faults(scene) for scene in shown if faults(scene)} == {}


def test_scenes_are_pages_that_show_what_can_be_clicked_and_store_nothing(office: Office) -> None:
    before = office.bot.store.load_deliveries()
    folder = office.bot.settings.outbox / "slack"

    index = outbox_page.write_scenes(folder, scenes.of_bot(office.bot), desk=office.bot.desk, now=BUILT)

    page = index.read_text(encoding="utf-8")
    assert sorted(each.stem for each in folder.glob("*.html")) == sorted([*NAMES, "index"])
    assert 'class="slack-menu"' in page
    assert "(overflow)" not in page
    assert office.bot.store.load_deliveries() == before
    assert [method for method, _ in office.slack.calls] == ["auth.test"]
