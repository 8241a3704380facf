"""A mailing in segments, killed with SIGKILL at random moments; `python -m benchmarks.kills` is the long version."""

import random
import sys
from pathlib import Path

from benchmarks import kills


def test_ten_kills_of_a_mailing_lose_nobody_and_write_to_nobody_twice(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")

    outcome = kills.run(tmp_path, kills=10, readers=600, segments=24, seed=seed)

    assert outcome.faults() == []
    assert outcome.states["failed"] == 0
    assert len(outcome.mails) >= outcome.states["sent"]
