"""The files that come with Recap: where they lie, and how an operator gets a copy."""

from pathlib import Path

from bot.model.errors import NotAllowed

STARTERS = (
    "recap.yaml",
    "sources.yaml",
    "audiences.yaml",
    "ranking.yaml",
    "routes.yaml",
    "playbook.yaml",
    "env.example",
)


def shipped_directory() -> Path:
    """Return the config that comes with Recap: within the package, or the checkout's own."""
    return _shipped("config")


def templates_directory() -> Path:
    """Return the templates that come with Recap: within the package, or the checkout's own."""
    return _shipped("templates")


def write_starter(directory: Path) -> list[Path]:
    """
    Copy the starter files into *directory*; return those written, without those that were there already.

    Raises: NotAllowed where none could be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        written = [path for name in STARTERS if (path := _copied(name, directory))]
    except OSError as exc:
        raise NotAllowed(f"{directory} cannot be written ({(exc.strerror or 'unknown reason').lower()}).") from exc
    if not written:
        raise NotAllowed(f"{directory} has {', '.join(STARTERS)} already; existing files are never overwritten.")
    return written


def _copied(name: str, directory: Path) -> Path | None:
    content = (shipped_directory() / name).read_bytes()
    path = directory / name
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return None
    return path


def _shipped(name: str) -> Path:
    package = Path(__file__).parents[1]
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
