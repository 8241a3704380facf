"""What an operator sees of channels' own routes: the list, the doctor, and how one is taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import settings, wiring
from bot.entrypoints import doctor
from bot.entrypoints.cli import routes as commands
from bot.model.route import ReviewChoice
from bot.workflows import keep_routes
from bot.workflows.keep_routes import Place, RouteChoice
from tests.builders import NOW
from tests.fakes.invented_week import an_office, routes

OWN = "slack-c0research"


@dataclass(frozen=True)
class Office:
    config: Path
    given: dict[str, str]

    def recap(self, *words: str) -> str:
        """Return what `recap routes WORDS` says; its status is 0."""
        asked: Sequence[str] = [*words, "--config", str(self.config), "--now", NOW.isoformat()]
        answer = CliRunner(env=self.given | {"COLUMNS": "200"}).invoke(commands.app, asked)
        assert answer.exit_code == 0, answer.output
        return answer.output

    def examined(self) -> list[tuple[str, str]]:
        loaded = settings.load(self.config, environment=self.given, defaults=settings.shipped_directory())
        with wiring.bot(loaded) as bot:
            return [(each.level, each.text) for each in doctor.examine(bot, now=NOW) if each.subject == "routes"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A bot with a route to #founders in the config, and one that #research made."""
    operator = an_office(tmp_path, routed=routes(email=False))
    given = {"RECAP_DATABASE_URL": f"sqlite:///{tmp_path / 'recap.db'}", "RECAP_OUTBOX": str(tmp_path / "outbox")}
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    choice = RouteChoice(
        audiences=["founders"], day=3, time="16:00", timezone="Europe/Berlin", max_events=5, min_score=0.4,
        language="en", review=ReviewChoice.NONE,
    )  # fmt: skip
    with wiring.bot(loaded) as bot:
        bot.store.upgrade()
        place = Place("T1", "C0RESEARCH", "#research")
        keep_routes.keep(choice, place, person="U0ADA", desk=bot.desk, now=NOW)
    return Office(operator.config, given)


def take_the_channel(office: Office) -> None:
    """Name the channel in routes.yaml."""
    (office.config / "routes.yaml").write_text(routes(slack=("#research",), email=False), encoding="utf-8")


def test_list_tells_whose_each_route_is(office: Office) -> None:
    _, config, own = office.recap("list").splitlines()

    assert config.split()[:3] == ["all", "routes.yaml:2", "#founders"]
    assert "#research (by U0ADA on 2026-11-23)" in own
    assert "thu 16:00 Europe/Berlin" in own
    assert own.rstrip().endswith("2026-12-03 15:00")


def test_route_whose_channel_the_config_took_is_listed_as_not_used(office: Office) -> None:
    take_the_channel(office)

    assert "not used, 'all' goes there" in office.recap("list")
    assert office.examined() == [
        (
            "note",
            f"{OWN} of #research is not used: 'all' of routes.yaml goes there; `recap routes remove {OWN}` tidies up.",
        )
    ]


def test_doctor_names_the_channels_with_routes_of_their_own(office: Office) -> None:
    assert office.examined() == [("ok", "channels with a route of their own (`/recap route`): #research.")]


def test_operator_takes_a_channels_own_route_away(office: Office) -> None:
    assert office.recap("remove", OWN) == "#research gets no recap any more.\n"

    assert OWN not in office.recap("list")
