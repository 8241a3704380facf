"""Config directories of which a test writes only what matters to it."""

from collections.abc import Mapping
from pathlib import Path

from bot import settings
from bot.model.errors import ConfigFaults

SOUND = {
    "recap.yaml": "title: Recap\nlists:\n  - {id: team, from: news@example.org, postal_address: 1 Street}\n",
    "sources.yaml": "sources:\n  - slug: halden\n    url: https://halden.example/feed.xml\n",
    "audiences.yaml": "audiences:\n  - id: founders\n  - id: engineers\n",
    "ranking.yaml": "weights: {coverage: 1}\n",
    "routes.yaml": 'routes:\n  - id: general\n    audiences: [founders]\n    destinations: [{slack: "#ai"}]\n',
    "playbook.yaml": "kinds:\n  - {id: release}\nadvice: []\n",
}


def a_config(directory: Path, **files: str | bytes) -> Path:
    """Write a sound config with other *files* (by stem)."""
    given = SOUND | {f"{stem}.yaml": text for stem, text in files.items()}
    for name, text in given.items():
        (directory / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return directory


def load(directory: Path, environment: Mapping[str, str] | None = None) -> settings.Settings:
    return settings.load(directory, environment=environment or {})


def faults_of(directory: Path, environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the faults as an operator reads them, without the directory's name."""
    try:
        load(directory, environment)
    except ConfigFaults as exc:
        return [str(fault).removeprefix(f"{directory}/") for fault in exc.faults]
    return []
