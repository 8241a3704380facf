"""The files that come with Recap are sound, and an operator's own are never touched."""

import re
from pathlib import Path

import pytest

from bot import settings
from bot.model.errors import NotAllowed

SHIPPED = settings.shipped_directory()


@pytest.fixture(scope="module")
def shipped() -> settings.Settings:
    return settings.load(SHIPPED, environment={})


def test_shipped_sources_are_many_and_have_urls_of_their_own(shipped: settings.Settings) -> None:
    sources = shipped.sources

    assert len(sources) >= 40
    assert len({source.url for source in sources}) == len(sources)
    assert sum(source.language == "zh" for source in sources) >= 5
    assert all(0.5 <= source.weight <= 1.5 and source.topics for source in sources)


@pytest.mark.parametrize(
    "publisher", ["36氪", "量子位", "TechCrunch", "The Verge", "arXiv", "Hugging Face", "Hacker News"]
)
def test_shipped_sources_hold_the_well_known_publishers(shipped: settings.Settings, publisher: str) -> None:
    assert publisher in {source.publisher for source in shipped.sources}


def test_shipped_audiences_speak_english_and_chinese(shipped: settings.Settings) -> None:
    audiences = shipped.audiences

    assert [audience.name for audience in audiences] == [
        "Founders & Product Leaders",
        "Product Managers",
        "Engineers & Developers",
        "AI Practitioners",
        "Researchers",
        "Investors",
        "Policy & Legal",
        "Security",
        "Operations & Platform",
        "Designers",
        "Marketers",
        "Data & Infrastructure",
    ]
    assert all(audience.description and len(audience.keywords["en"]) >= 20 for audience in audiences)
    assert all(len(audience.keywords["zh"]) >= 20 for audience in audiences)


def test_shipped_playbook_advises_every_audience_and_kind_in_both_languages(shipped: settings.Settings) -> None:
    entries = {(entry.kind, entry.audience): entry.text for entry in shipped.playbook.entries}

    assert len(entries) == len(shipped.playbook.entries) >= 40
    assert all(("*", audience.id) in entries for audience in shipped.audiences)
    assert all((kind.id, "*") in entries for kind in shipped.playbook.kinds)
    assert all(set(text) == {"en", "zh"} for text in entries.values())


def test_shipped_routes_reach_slack_and_mail_in_english_and_chinese(shipped: settings.Settings) -> None:
    routes = shipped.routes

    assert {spot.medium.value for route in routes for spot in route.destinations} == {"slack", "email"}
    assert {route.language for route in routes} == {"en", "zh"}


def test_limits_written_out_in_the_starter_are_the_true_defaults(tmp_path: Path, shipped: settings.Settings) -> None:
    settings.write_starter(tmp_path)
    text = (tmp_path / "recap.yaml").read_text()
    limits = re.sub(r"(?m)^# (?=collect:|llm:$|cluster:|deliver:|  (?!llm)\w+: )", "", text)
    (tmp_path / "recap.yaml").write_text(limits)

    loaded = settings.load(tmp_path, environment={})

    assert limits.count("#") < text.count("#") - 20
    assert (loaded.collect, loaded.cluster, loaded.deliver) == (shipped.collect, shipped.cluster, shipped.deliver)
    assert loaded.llm_policy == shipped.llm_policy


def test_starter_is_a_sound_config(tmp_path: Path) -> None:
    written = settings.write_starter(tmp_path / "config")

    assert [path.name for path in written] == [
        "recap.yaml",
        "sources.yaml",
        "audiences.yaml",
        "ranking.yaml",
        "routes.yaml",
        "playbook.yaml",
        "env.example",
    ]
    assert settings.load(tmp_path / "config", environment={}).recap.title == "Weekly AI Recap"


def test_existing_files_are_kept_and_not_reported_as_written(tmp_path: Path) -> None:
    (tmp_path / "routes.yaml").write_text("mine")

    written = settings.write_starter(tmp_path)

    assert tmp_path / "routes.yaml" not in written
    assert (tmp_path / "routes.yaml").read_text() == "mine"
    assert len(written) == 6


def test_starter_that_could_write_nothing_says_why(tmp_path: Path) -> None:
    settings.write_starter(tmp_path)

    with pytest.raises(NotAllowed, match=r"has recap\.yaml, sources\.yaml"):
        settings.write_starter(tmp_path)


def test_starter_into_a_file_says_why(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")

    with pytest.raises(NotAllowed, match="cannot be written"):
        settings.write_starter(tmp_path / "config")


def test_templates_lie_beside_the_shipped_config() -> None:
    assert settings.templates_directory() == SHIPPED.parent / "templates"
