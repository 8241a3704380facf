"""Reads a local directory of feed files as if it were a source on the web."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.model.errors import SourceError, SourceRefused, SourceUnavailable
from bot.model.policy import CollectPolicy
from bot.model.source import FetchedDocument, FetchOutcome, FetchRequest
from bot.model.values import digest_of

_ENDINGS = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})


class DirectoryReader:
    """Reads every feed file of a directory (or one file), newest first."""

    def __init__(self, policy: CollectPolicy, *, base: Path = Path()) -> None:
        """Resolve relative paths against *base*."""
        self._policy = policy
        self._base = base

    def fetch_each(self, requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
        """Yield one outcome per request, in order; unchanged files are not read again."""
        for request in requests:
            try:
                yield FetchOutcome(request, document=self._read(request))
            except SourceError as exc:
                yield FetchOutcome(request, error=exc)
            except OSError as exc:
                detail = f"'{request.url}' cannot be read ({exc.strerror or exc})."
                yield FetchOutcome(request, error=SourceUnavailable(request.source, detail))

    def _read(self, request: FetchRequest) -> FetchedDocument:
        path = self._base / _path(request.url)
        files = _files(path)
        if not files:
            raise SourceUnavailable(
                request.source, f"'{request.url}' holds no feed file ({', '.join(sorted(_ENDINGS))})."
            )
        stats = [(file, file.stat()) for file in files]
        etag = digest_of(*(f"{file.name} {stat.st_mtime_ns} {stat.st_size}" for file, stat in stats))
        if etag == request.etag:
            return FetchedDocument(request.source, request.url, etag=etag, not_modified=True)
        stats.sort(key=lambda pair: (pair[1].st_mtime_ns, pair[0].name), reverse=True)
        parts = tuple(self._part(request, file, stat.st_size) for file, stat in stats)
        return FetchedDocument(request.source, request.url, etag=etag, parts=parts)

    def _part(self, request: FetchRequest, file: Path, size: int) -> FetchedDocument:
        limit = self._policy.max_body_bytes
        if size > limit:
            raise SourceRefused(request.source, f"'{file.name}' is larger than {limit / 1_000_000:g} MB.")
        return FetchedDocument(request.source, file.name, body=file.read_bytes())


def _path(url: str) -> Path:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else Path(url)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in _ENDINGS and file.is_file())
    return [path]
