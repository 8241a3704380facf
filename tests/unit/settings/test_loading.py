"""Settings come from files and environment, or every fault at once."""

from bot import settings


def test_shipped_config_has_no_faults() -> None:
    loaded = settings.load(settings.shipped_directory(), environment={})

    assert loaded.recap.title == "Weekly AI Recap"
    assert loaded.database_url == "sqlite:///recap.db"
