"""The outbox: writes what would be sent into files."""

import errno
import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

from bot.deliver import slack as messages
from bot.deliver.dkim import DkimKey
from bot.deliver.press import Personal, Press
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.errors import DeliveryError, DeliveryFailed, DeliveryRefused, SenderMisconfigured
from bot.model.policy import MailingList
from bot.model.route import Medium
from bot.model.subscriber import Notice
from bot.model.values import Json
from bot.ports import Sender, SenderCheck

_MEND = "make room or set RECAP_OUTBOX"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message in the outbox."""

    week: str
    route: str
    medium: Medium
    destination: str
    recipient: str
    path: str
    """Relative to the outbox, with `/`."""
    payload: Json | bytes
    """Slack: the arguments with `replies`; email: the mail's bytes."""


class OutboxSender(Sender):
    """Writes `<week>/<route>/slack/<channel>.json` and `<week>/<route>/email/<list>/<recipient>.eml`."""

    def __init__(
        self,
        directory: Path,
        *,
        lists: Sequence[MailingList],
        base_url: str,
        token: Callable[[str, str], str],
        personal: Personal | None = None,
        sender: str | None = None,
        dkim: DkimKey | None = None,
    ) -> None:
        """Write below *directory*; the rest is as for the SMTP sender, so that the bytes are the same."""
        self._directory = directory
        self._press = Press(lists, sender=sender, base_url=base_url, token=token, personal=personal, dkim=dkim)

    @property
    def name(self) -> str:
        """`outbox`."""
        return "outbox"

    def workspace(self) -> str:
        """Return `local`."""
        return "local"

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:  # noqa: ARG002
        """
        Write the delivery's part; writing it again changes nothing.

        Raises: DeliveryFailed, DeliveryRefused, DestinationGone, SenderMisconfigured.
        """
        path = _path_of(delivery)
        try:
            if delivery.medium is Medium.EMAIL:
                _write(self._directory / path, self._press.mail(delivery, digest).wire)
            else:
                self._write_message(self._directory / path, delivery, digest)
        except OSError as exc:
            raise _misfortune(exc, delivery, self._directory) from exc
        return Receipt(path)

    def send_notice(self, delivery: Delivery, notice: Notice) -> Receipt:
        """Write *notice*; a later one of its kind to the same person takes its place. Raises: as `send`."""
        path = _path_of(delivery)
        try:
            _write(self._directory / path, self._press.notice(delivery, notice).wire)
        except OSError as exc:
            raise _misfortune(exc, delivery, self._directory) from exc
        return Receipt(path)

    def fetch_receipt(
        self,
        delivery: Delivery,
        *,
        parent: Receipt | None,  # noqa: ARG002
        age: timedelta,  # noqa: ARG002
    ) -> Receipt | None:
        """Return the receipt of *delivery* where its file holds it."""
        path = _path_of(delivery)
        try:
            if delivery.medium is Medium.EMAIL:
                is_there = f"<{delivery.id}@".encode() in (self._directory / path).read_bytes()
            else:
                is_there = delivery.id in {_delivery_of(part) for part in _parts(_load(self._directory / path))}
        except (OSError, ValueError):
            return None
        return Receipt(path) if is_there else None

    def check(self, destinations: Sequence[str]) -> SenderCheck:  # noqa: ARG002  # one folder holds them all
        """Look whether the folder can be written, without making it. Raises: SenderMisconfigured."""
        nearest = next(path for path in (self._directory, *self._directory.absolute().parents) if path.exists())
        try:
            with tempfile.TemporaryFile(dir=nearest):
                return SenderCheck(f"the outbox {self._directory} can be written.")
        except OSError as exc:
            raise SenderMisconfigured("outbox", _unwritable(self._directory, exc)) from exc

    def messages(self) -> list[OutboxItem]:
        """Return all that is in the outbox, by path; files of other making are left out."""
        found = sorted(self._directory.glob("*/*/slack/*.json")) + sorted(self._directory.glob("*/*/email/*/*.eml"))
        return [_item(path, path.relative_to(self._directory)) for path in found if path.is_file()]

    def _write_message(self, path: Path, delivery: Delivery, digest: Digest) -> None:
        given = messages.arguments(delivery, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent):
            if delivery.part == "parent":
                replies = _load(path).get("replies", []) if path.exists() else []
                whole: Json = {**given, "replies": replies}
            else:
                whole = _load(path)
                kept = [part for part in _parts(whole)[1:] if _part_name(part) != delivery.part]
                whole["replies"] = [*sorted([*kept, given], key=_part_name)]
            _write(path, json.dumps(whole, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass") + b"\n")


def _path_of(delivery: Delivery) -> str:
    where = [delivery.recap_id or "undated", delivery.route_id or "unrouted", delivery.medium.value]
    if delivery.medium is Medium.EMAIL:
        where += [delivery.destination, f"{delivery.recipient}.eml"]
    else:
        where.append(f"{delivery.destination}.json")
    return "/".join(_file_name(part) for part in where)


def _file_name(text: str) -> str:
    # `.` and `..` would pass quote() untouched.
    return quote(text, safe="@") if text.strip(".") else text.replace(".", "%2E")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _load(path: Path) -> Json:
    loaded: Json = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _parts(whole: Json) -> list[Json]:
    replies = whole.get("replies")
    return [whole, *(reply for reply in (replies if isinstance(replies, list) else []) if isinstance(reply, dict))]


def _mark(part: Json, name: str) -> str:
    metadata = part.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get(name, "")) if isinstance(payload, dict) else ""


def _delivery_of(part: Json) -> str:
    return _mark(part, "delivery_id")


def _part_name(part: Json) -> str:
    return _mark(part, "part")


def _item(path: Path, relative: Path) -> OutboxItem:
    names = [unquote(part) for part in relative.parts]
    is_mail = names[2] == Medium.EMAIL
    destination = names[3] if is_mail else names[3].removesuffix(".json")
    return OutboxItem(
        week=names[0],
        route=names[1],
        medium=Medium(names[2]),
        destination=destination,
        recipient=names[4].removesuffix(".eml") if is_mail else destination,
        path=relative.as_posix(),
        payload=path.read_bytes() if is_mail else _load(path),
    )


def _misfortune(exc: OSError, delivery: Delivery, directory: Path) -> DeliveryError:
    said = f"the outbox {directory} cannot be written ({exc.strerror or type(exc).__name__})"
    if isinstance(exc, FileNotFoundError):
        return DeliveryFailed(delivery.destination, f"{said}: the message it belongs to is gone")
    if exc.errno == errno.ENAMETOOLONG:
        return DeliveryRefused(delivery.destination, f"{said}: shorten the name")
    return SenderMisconfigured(delivery.destination, _unwritable(directory, exc))


def _unwritable(directory: Path, exc: OSError) -> str:
    return f"the outbox {directory} cannot be written ({exc.strerror or type(exc).__name__}): {_MEND}"
