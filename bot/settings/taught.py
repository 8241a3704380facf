"""What audiences were taught: `audiences.taught.json` beside audiences.yaml, written by `recap audiences train`."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.model.audience import Taught
from bot.model.errors import ConfigFaults, Fault
from bot.model.values import AudienceId

NAME = "audiences.taught.json"
_MODELS = TypeAdapter(dict[AudienceId, Taught])


def read(directory: Path) -> dict[AudienceId, Taught]:
    """Return what each audience was taught; nothing where the file is missing. Raises: ConfigFaults."""
    path = directory / NAME
    try:
        return _MODELS.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as exc:
        raise ConfigFaults([Fault(str(path), 0, 0, "cannot be read; `recap audiences forget` removes it")]) from exc


def write(directory: Path, models: Mapping[AudienceId, Taught]) -> Path:
    """Keep *models* beside the config in *directory*; return the file."""
    path = directory / NAME
    path.write_bytes(_MODELS.dump_json(dict(models)))
    return path


def forget(directory: Path) -> bool:
    """Remove what was taught; return whether there was anything."""
    path = directory / NAME
    if not path.exists():
        return False
    path.unlink()
    return True
