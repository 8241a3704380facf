"""What Slack would refuse of the messages in an outbox."""

import json
from pathlib import Path

from bot.compose.blocks import fits
from tests.fakes import slack_blocks


def faults(outbox: Path) -> dict[str, list[str]]:
    """Return the faults of each message of *outbox*, its replies among them, by file; there is at least one message."""
    found = {}
    files = sorted(outbox.glob("*/*/slack/*.json"))
    assert files
    for file in files:
        whole = json.loads(file.read_text(encoding="utf-8"))
        for number, part in enumerate([whole, *whole["replies"]]):
            wrong = slack_blocks.faults(part["blocks"])
            if wrong or not fits(part["blocks"]) or not 0 < len(part["text"]) <= 4000:
                found[f"{file.relative_to(outbox)} {number}"] = wrong or ["over our limits"]
    return found
