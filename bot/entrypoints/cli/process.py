"""How the process meets its surroundings: streams that are closed, and signals that end it."""

import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


class PatientStream(io.TextIOBase):
    """
    A stream whose reader may leave: what nobody reads is dropped.

    The work counts, not who watches it: `recap run | head -1` must not fail for lack of a reader.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        """Write to *stream* while it is read."""
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class calls it a variable
        """As the stream's."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]  # the base class calls it a variable
        """As the stream's."""
        return self._stream.errors

    def fileno(self) -> int:
        """Return the stream's file number."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Return whether a person reads."""
        return self._stream.isatty()

    def writable(self) -> bool:
        """Return true."""
        return True

    def write(self, text: str) -> int:
        """Write *text*, or drop it where nobody reads."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._give_up()
            return len(text)

    def flush(self) -> None:
        """Flush, unless nobody reads."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._give_up()

    def _give_up(self) -> None:
        # What the stream still holds is written at the interpreter's end: to nowhere, then.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def protect_streams() -> None:
    """Open standard streams that are closed, so that no file of ours gets their number; let readers leave."""
    for number, mode in enumerate(("r", "w", "w")):
        name = ("stdin", "stdout", "stderr")[number]
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(_opened(number), mode, encoding="utf-8"))
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            setattr(sys, name, PatientStream(stream))


def _opened(number: int) -> int:
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
    return number


def exit_on_terminate(status: int) -> None:
    """Let SIGTERM end the process with *status*, through every `finally`."""

    def end(*_: object) -> None:
        raise SystemExit(status)

    signal.signal(signal.SIGTERM, end)


@contextmanager
def serving() -> Iterator[None]:
    """A service that is told to end has done its work: SIGTERM means status 0 while the context lasts."""
    exit_on_terminate(0)
    try:
        yield
    finally:
        exit_on_terminate(TERMINATED)
