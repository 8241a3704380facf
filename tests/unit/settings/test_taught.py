from pathlib import Path

import pytest

from bot.model.audience import Taught
from bot.model.errors import ConfigFaults
from bot.settings import taught


def test_what_was_taught_is_read_as_it_was_written_and_forgotten(tmp_path: Path) -> None:
    models = {"security": Taught(bias=-1.5, weights={"breach": 2.25})}

    taught.write(tmp_path, models)

    assert taught.read(tmp_path) == models
    assert taught.forget(tmp_path)
    assert taught.read(tmp_path) == {}
    assert not taught.forget(tmp_path)


def test_broken_file_is_a_fault_that_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / taught.NAME).write_text("{broken")

    with pytest.raises(ConfigFaults, match="recap audiences forget"):
        taught.read(tmp_path)
