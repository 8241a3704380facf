"""
Everything that can go wrong and that we expect.

    RecapError
    ├── ConfigFaults            every fault of the configuration at once
    ├── NotFound                what was asked for does not exist
    ├── NotAllowed              asked for, but the state forbids it
    ├── SourceError             costs one source
    │   ├── SourceUnavailable   may work later
    │   ├── SourceGone          never will
    │   ├── SourceRefused       we will not read it (address, size, time)
    │   └── SourceUnreadable    read, but no feed
    ├── StorageError
    │   ├── StorageBusy         locked by another process
    │   ├── StorageFull         no room left, or read-only
    │   ├── StorageTooNew       written by a later release
    │   └── StorageUnavailable  cannot be opened or reached
    ├── EmbeddingError          no vectors this time
    ├── AnalysisError           the analyst gave nothing usable
    │   └── AnalystMisconfigured  never will, until an operator acts
    ├── TemplateBroken          a template does not render
    ├── LookupFailed            DNS does not say what a name holds
    └── DeliveryError           costs one delivery
        ├── DeliveryFailed      not taken, may work later
        │   ├── RelayUnreachable   nor would be any other now
        │   ├── NeverArrived       found out afterwards: it was unknown before
        │   └── DeliveryBarred     for a fault of ours, not of the reader
        ├── DeliveryRefused     this message never will
        │   ├── MailboxGone        nor will any other to this reader
        │   ├── MailboxClosed      full or away: only too many of these count
        │   └── ContentRefused     nor will any other destination
        ├── DestinationGone     nothing will ever go there
        ├── SenderMisconfigured nobody's message goes out until an operator acts
        └── DeliveryUnknown     cannot tell

The first line of a class's docstring is its message; the subject is an attribute.
"""

from dataclasses import dataclass


class RecapError(Exception):
    """Something went wrong."""

    def __init__(self, detail: str = "") -> None:
        """Keep *detail*: what happened, and the mend, in one line."""
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        """Return the one line a person reads."""
        message = (self.__doc__ or "").strip().splitlines()[0]
        return f"{message} {self.detail}".strip() if self.detail else message


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the configuration: where, what, and the mend."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return `file:line:column: message`; without a place where the line is 0."""
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{place}: {self.message}"


class ConfigFaults(RecapError):
    """The configuration has faults."""

    def __init__(self, faults: list[Fault]) -> None:
        """Keep all *faults*, in the order of the files."""
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


class NotFound(RecapError):
    """There is no such thing."""


class NotAllowed(RecapError):
    """This cannot be done now."""


class SourceError(RecapError):
    """A source could not be read."""

    def __init__(
        self, source: str, detail: str = "", *, retry_after_s: float | None = None, status: int | None = None
    ) -> None:
        """Name the *source* (slug); *retry_after_s* is what the publisher asked for, *status* its HTTP answer."""
        super().__init__(detail)
        self.source = source
        self.retry_after_s = retry_after_s
        self.status = status

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return type(self), (self.source, self.detail)


class SourceUnavailable(SourceError):
    """The source did not answer this time."""


class SourceGone(SourceError):
    """The publisher has retired this source."""


class SourceRefused(SourceError):
    """We do not read this source as it is."""


class SourceUnreadable(SourceError):
    """The document is no feed that we can read."""


class StorageError(RecapError):
    """The database failed."""


class StorageBusy(StorageError):
    """The database is locked by another process."""


class StorageFull(StorageError):
    """The database cannot be written."""


class StorageTooNew(StorageError):
    """The database was written by a later release of Recap."""


class StorageUnavailable(StorageError):
    """The database cannot be opened."""


class EmbeddingError(RecapError):
    """The embedder gave no vectors."""


class AnalysisError(RecapError):
    """The analyst gave no usable answer."""


class AnalystMisconfigured(AnalysisError):
    """The language model is not set up rightly."""


class TemplateBroken(RecapError):
    """A template does not render."""


class LookupFailed(RecapError):
    """A name could not be looked up."""


class DeliveryError(RecapError):
    """A delivery did not end well."""

    def __init__(self, destination: str, detail: str = "", *, retry_after_s: float | None = None) -> None:
        """Name the *destination*; *retry_after_s* is what the provider asked for."""
        super().__init__(detail)
        self.destination = destination
        self.retry_after_s = retry_after_s


class DeliveryFailed(DeliveryError):
    """The destination did not take the message this time."""


class RelayUnreachable(DeliveryFailed):
    """Nothing goes out this way now."""


class NeverArrived(DeliveryFailed):
    """The message never arrived."""


class DeliveryBarred(DeliveryFailed):
    """Our mail was refused, not the reader."""


class DeliveryRefused(DeliveryError):
    """The destination will never take this message."""


class MailboxGone(DeliveryRefused):
    """There is no such mailbox."""


class MailboxClosed(DeliveryRefused):
    """The mailbox takes nothing now."""


class ContentRefused(DeliveryRefused):
    """Nobody takes this digest as it is."""


class DestinationGone(DeliveryError):
    """The destination does not exist any more, or shuts us out."""


class SenderMisconfigured(DeliveryError):
    """The sender is not set up rightly; nothing goes out this way until that is mended."""


class DeliveryUnknown(DeliveryError):
    """We cannot tell whether the message arrived."""
