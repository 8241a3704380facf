"""The README's commands do what it says, and what it names exists."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bot.adapters.providers import PROVIDERS
from bot.entrypoints.cli.app import app
from bot.settings import environment
from tests.e2e.conftest import Demo
from tests.fakes.command import ROOT, TIMEOUT_S

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]


def blocks(kind: str) -> list[str]:
    """Return the README's code blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def a_shell(folder: Path) -> dict[str, str]:
    """Return an environment whose `recap` is this checkout's."""
    command = folder / "bin" / "recap"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n')
    command.chmod(0o755)
    kept = {name: os.environ[name] for name in ("LANG", "HOME") if name in os.environ}
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "PYTHONPATH": str(ROOT), "RECAP_SECRET_KEY": "test"}


def test_the_commands_of_the_console_blocks_succeed(demo: Demo, tmp_path: Path) -> None:
    shutil.copytree(demo.home / "demo", tmp_path / "demo")
    shell = a_shell(tmp_path)
    assert len(blocks("console")) == 3

    for block in blocks("console"):
        lines = block.splitlines()
        assert all(line.startswith("$ ") for line in lines)
        script = "set -e\n" + "\n".join(line.removeprefix("$ ") for line in lines)
        ran = subprocess.run(
            ["/bin/sh", "-c", script], cwd=tmp_path, env=shell, capture_output=True, text=True, timeout=TIMEOUT_S
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    assert (tmp_path / "demo" / "outbox" / "index.html").is_file()
    assert (tmp_path / "config" / "routes.yaml").is_file()


def commands_in(text: str) -> list[list[str]]:
    """Return the words after each `recap` that *text* shows as a command."""
    found = re.findall(r"`recap\s+([^`]+)`|^ *(?:\$ )?recap (.+)$", text, re.MULTILINE)
    return [(inline or line.partition(" #")[0]).split() for inline, line in found]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_named_exists_with_its_options(page: str) -> None:
    for words in commands_in((ROOT / page).read_text(encoding="utf-8")):
        command, rest = typer.main.get_command(app), list(words)
        while rest and rest[0] in getattr(command, "commands", {}):
            command = getattr(command, "commands", {})[rest.pop(0)]
        options = {name for parameter in command.params for name in parameter.opts}

        assert len(rest) < len(words), words
        assert not hasattr(command, "commands") or not rest or rest[0] in options, words
        assert {word.strip("[]") for word in rest if word.lstrip("[").startswith("--")} <= options, words


def test_every_variable_that_is_named_is_read_and_the_other_way_round() -> None:
    code = Path(str(environment.__file__)).read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:RECAP|SLACK|OPENAI)_[A-Z_]+)"', code)) | {"RECAP_CONFIG"}
    read |= {f"RECAP_WEBHOOK_{provider.upper()}_KEY" for provider in PROVIDERS}

    assert set(re.findall(r"`((?:RECAP|SLACK|OPENAI)_[A-Z_]+)`", README)) == read


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)]+)\)", README))
def test_every_link_leads_to_a_small_file(target: str) -> None:
    file = ROOT / target.partition("#")[0]

    assert file.is_file()
    assert file.stat().st_size < 300_000


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in set(re.findall(r"^make ([a-z]+)", "".join(blocks("sh")), re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_demo_says_what_leads_and_what_to_look_at(demo: Demo) -> None:
    said = demo.answer.out

    assert (demo.answer.status, demo.answer.err) == (0, "")
    assert "Recap 2026-W47 built: 27 events from 51 articles (20 more events than the week before)" in said
    assert "1. Halcyon Labs releases Corvid-7 with open weights and cuts prices by 70%  (6 publishers" in said
    assert "  policy → Slack #policy-desk: 3 events, a draft that waits for an editor (`recap review`)" in said
    assert (
        "  founders → email list founders-weekly: not sent yet: 1 event, fewer than this route's minimum of 3" in said
    )
    assert "Recap 2026-W48 built: 13 events from 26 articles (14 fewer events than the week before)" in said
    assert "open demo/outbox/index.html in a browser" in said
