"""Bad days, as an operator meets them: one clear line that says what to do, the right exit status, nothing lost."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.fakes.command import Answer, Operator
from tests.fakes.invented_week import CHANNEL, LATER, MEMBER, NOW, PASSWORD, TOKEN, WEEK, an_office, routes
from tests.fakes.slack_server import SlackServer
from tests.fakes.smtp_server import SmtpServer

# The stand-in takes passwords in the clear, on the loopback only.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

WRONG_TOKEN = "xoxb-wrong-hidden"


def ran(operator: Operator, *words: str, status: int, **environment: str) -> Answer:
    """Run a command that must end with *status*, without a traceback and without a secret in what it says."""
    answer = with_environment(operator, **environment).recap(*words)
    said = answer.out + answer.err
    assert answer.status == status, said
    assert "Traceback" not in said
    assert "Unexpected" not in said
    assert not [secret for secret in (TOKEN, WRONG_TOKEN, PASSWORD) if secret in said]
    return answer


def with_environment(operator: Operator, **environment: str) -> Operator:
    return replace(operator, environment={**operator.environment, **environment})


def fails(operator: Operator, *words: str, status: int = 1, **environment: str) -> str:
    """Return the one line that a failing command says."""
    answer = ran(operator, *words, status=status, **environment)
    (line,) = answer.err.splitlines()
    return line


def a_closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def states(operator: Operator) -> Counter[tuple[str, str]]:
    found = ran(operator, "deliveries", "--json", status=0).data
    return Counter((row["medium"], row["state"]) for row in found)


# Wrong config, wrong words


def test_every_fault_of_the_config_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    operator = an_office(tmp_path, routed=routes(slack=("Founders",)).replace('"*"', '"nobody"'))
    (operator.config / "recap.yaml").write_text("titel: Recap\ntimezone: Mars\n", encoding="utf-8")

    answer = ran(operator, "run", status=2, RECAP_SMTP_URL="mail.example", RECAP_BASE_URL="recap.example")

    places = [line.split(": ")[0] for line in answer.err.splitlines()]
    assert places[:2] == ["config/recap.yaml:1:1", "config/recap.yaml:2:11"]
    assert all(place.startswith("config/routes.yaml:2:") for place in places[2:-2])
    assert len(places) >= 6
    assert places[-2:] == ["environment", "environment"]


def test_missing_config_folder_names_the_command_that_writes_one(tmp_path: Path) -> None:
    line = fails(Operator(tmp_path, {}), "run", status=2)

    assert line == "config: no such directory; `recap init config` writes one"


def test_what_does_not_exist_is_named_with_its_nearest_right_form(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    ran(operator, "run", "--dry-run", "--now", NOW, status=0)

    assert "did you mean 2026-W47?" in fails(operator, "events", "--week", "2026-47")
    assert "its weeks are 2026-W01 to 2026-W53" in fails(operator, "events", "--week", "2026-W60")
    assert "`recap events` lists them" in fails(operator, "event", "e0000")
    assert "did you mean 'founders'?" in fails(operator, "events", "--audience", "founder")
    assert "did you mean 'planned'?" in fails(operator, "deliveries", "--state", "plannd")
    assert "known: all" in fails(operator, "review", "show", "everybody")
    assert "`recap build --week 2026-W40` builds one" in fails(operator, "review", "show", "all", "--week", "2026-W40")


def test_editor_changes_a_draft_and_the_second_to_approve_hears_of_the_first(tmp_path: Path) -> None:
    operator = an_office(tmp_path, routed=routes(review="required"))
    ran(operator, "run", "--now", NOW, status=0)
    digest = ran(operator, "review", "show", "all", "--json", status=0).data["digest"]
    first, last = digest["cards"][0]["event_id"], digest["cards"][-1]["event_id"]

    ran(operator, "review", "pin", "all", last, "--by", "ada", status=0)
    ran(operator, "review", "rewrite", "all", first, "What changed", "Ours now.", "--by", "ada", status=0)
    shown = ran(operator, "review", "show", "all", "--preview", "--to", "look", status=0).out
    ran(operator, "review", "approve", "all", "--by", "ada", status=0)

    assert f"{last}, pinned)" in shown
    assert "what changed, by the editor: Ours now." in shown
    assert "(From the editor)" in (tmp_path / "look" / "index.html").read_text(encoding="utf-8")
    assert "was approved by ada at" in fails(operator, "review", "approve", "all")
    assert "did you mean 'hook'?" in fails(operator, "review", "rewrite", "all", first, "hok", "x")


def test_old_news_is_left_out_until_somebody_says_late(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    ran(operator, "collect", "--now", NOW, status=0)
    words = ("run", "--week", WEEK, "--now", "2026-12-10T09:00Z")

    left_out = ran(operator, *words, status=3)
    ran(operator, *words, "--late", status=0)
    again = ran(operator, *words, status=0)

    line = "all of 2026-W47: its time was 2026-11-23 09:00 UTC, 17 days ago; `--late` sends it anyway"
    assert line in left_out.err
    assert set(states(operator)) == {("slack", "sent"), ("email", "sent")}
    assert "late" not in again.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rnu"], "No such command 'rnu'. Did you mean 'run'? See `recap --help`."),
        (["run", "--wek", WEEK], "No such option: --wek (Possible options: --now, --week). See `recap run --help`."),
        (["explain"], "Missing argument 'ID'. See `recap explain --help`."),
        (["run", "--now", "soon"], "Invalid value for --now: 'soon' is not a time; write it like 2026-11-23T09:00Z."),
    ],
    ids=["command", "option", "argument", "time"],
)
def test_misuse_is_one_line_and_status_two(tmp_path: Path, words: list[str], expected: str) -> None:
    assert fails(an_office(tmp_path), *words, status=2).startswith(expected)


def test_source_that_would_break_the_config_is_not_added(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    path = operator.config / "sources.yaml"
    path.write_text("sources: [{slug: a, url: 'https://a.example/feed.xml'}]\n", encoding="utf-8")
    before = path.read_bytes()

    line = fails(operator, "sources", "add", "https://b.example/feed.xml", status=2)

    assert line.startswith("config/sources.yaml:2:3: ")
    assert path.read_bytes() == before


# No network


def test_without_network_the_recap_is_built_from_what_is_stored(tmp_path: Path) -> None:
    gone = f"http://127.0.0.1:{a_closed_port()}/feed.xml"
    sources = f"  - {{slug: gone, url: '{gone}'}}\n  - {{slug: nameless, url: 'http://feeds.invalid/a.xml'}}\n"
    operator = an_office(tmp_path, sources=sources, RECAP_ALLOW_HOSTS="127.0.0.1")

    answer = ran(operator, "run", "--now", NOW, "--json", status=3)

    assert [line.split(": ")[0] for line in answer.err.splitlines()] == ["source gone", "source nameless"]
    assert "cannot be resolved" in answer.err
    assert answer.data["sent"]["sent"] >= 2
    assert answer.data["edition"]["recap"]["numbers"]["failed_sources"] == ["gone", "nameless"]
    (posted,) = (tmp_path / "outbox" / WEEK / "all" / "slack").glob("*.json")
    (mailed,) = (tmp_path / "outbox" / WEEK / "all" / "email" / "team").glob("*.eml")
    assert "2 of 4 sources failed this week: gone, nameless" in posted.read_text(encoding="utf-8")
    assert "sources failed this week" in str(message_from_bytes(mailed.read_bytes()).as_string())


def test_week_that_could_not_be_read_stays_open(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    (tmp_path / "feeds").rename(tmp_path / "unplugged")

    first = ran(operator, "run", "--now", NOW, status=3)
    (tmp_path / "unplugged").rename(tmp_path / "feeds")
    second = ran(operator, "run", "--now", "2026-11-23T15:00Z", "--json", status=0)

    assert "the next run builds it again" in first.out
    assert second.data["edition"]["recap"]["numbers"]["events"] == 5


# The database


def test_database_locked_by_another_process_can_still_be_read(tmp_path: Path) -> None:
    operator = an_office(tmp_path, RECAP_DATABASE_URL="sqlite:///recap.db?timeout=0.2")
    ran(operator, "run", "--now", NOW, status=0)
    with closing(sqlite3.connect(tmp_path / "recap.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        line = fails(operator, "run", "--now", LATER)
        seen = ran(operator, "recaps", "--json", status=0).data

    assert line.endswith("recap.db is locked; stop the other recap process, or try again.")
    assert [each["recap"]["id"] for each in seen] == [WEEK]


def test_database_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    ran(operator, "db", "upgrade", status=0)
    with closing(sqlite3.connect(tmp_path / "recap.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    line = fails(operator, "run", "--now", NOW)

    assert line.endswith("It is at revision 9999; install the release that wrote it, or restore a backup.")


def test_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    (tmp_path / "recap.db").write_text("Dear diary, this is no database.\n" * 40, encoding="utf-8")

    line = fails(operator, "run", "--now", NOW)

    assert "recap.db: file is not a database; see that the folder exists" in line
    assert (tmp_path / "recap.db").read_text(encoding="utf-8").startswith("Dear diary")


def test_missing_folder_and_unreachable_server_are_named_with_the_mend(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    server = f"postgresql://recap:{PASSWORD}@127.0.0.1:{a_closed_port()}/recap"

    missing = fails(operator, "recaps", RECAP_DATABASE_URL="sqlite:///nowhere/recap.db")
    unreachable = fails(operator, "recaps", RECAP_DATABASE_URL=server)

    assert "nowhere/recap.db: unable to open database file; see that the folder exists" in missing
    assert "127.0.0.1/recap does not answer" in unreachable
    assert unreachable.endswith("see that it runs and that we may log in.")


@contextmanager
def a_small_disk(path: Path, *, options: str) -> Iterator[bool]:
    """Mount a small file system at *path*; false, and said aloud, where this user may not."""
    path.mkdir(exist_ok=True)
    is_mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path], capture_output=True).returncode == 0
    )
    if not is_mounted:
        warnings.warn("NOT TESTED on a real full or read-only disk: this user may not mount one", stacklevel=2)
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", path], check=True)


def test_full_disk_is_one_line_and_what_was_stored_is_there_when_there_is_room(tmp_path: Path) -> None:
    operator = an_office(tmp_path, RECAP_DATABASE_URL="sqlite:///disk/recap.db")
    with a_small_disk(tmp_path / "disk", options="size=1m") as is_mounted:
        if not is_mounted:
            return
        ran(operator, "collect", "--now", NOW, status=0)
        filler = tmp_path / "disk" / "filler"
        filler.write_bytes(b"x" * (os.statvfs(tmp_path / "disk").f_bavail * os.statvfs(tmp_path / "disk").f_bsize))

        line = fails(operator, "run", "--now", LATER)
        filler.unlink()
        remade = ran(operator, "run", "--now", LATER, "--json", status=0)

    assert line.startswith("The database cannot be written. Free some room at disk/recap.db")
    assert remade.data["edition"]["recap"]["numbers"]["events"] == 5
    assert remade.data["sent"]["sent"] >= 2


def test_read_only_folder_is_one_line(tmp_path: Path) -> None:
    operator = an_office(tmp_path, RECAP_DATABASE_URL="sqlite:///disk/recap.db")
    with a_small_disk(tmp_path / "disk", options="ro") as is_mounted:
        if is_mounted:
            assert "disk/recap.db" in fails(operator, "run", "--now", NOW)


def test_file_that_may_not_grow_is_one_line(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    ran(operator, "db", "upgrade", status=0)
    blocks = (tmp_path / "recap.db").stat().st_size // 512

    process = operator.process("run", "--now", NOW, before=f"ulimit -f {blocks}")
    _, err = process.communicate(timeout=60)

    assert process.returncode == 1, err
    (line,) = err.splitlines()
    assert line.startswith("The database")
    assert "recap.db" in line
    ran(operator, "run", "--now", NOW, status=0)


# Outbox and streams


def test_outbox_that_cannot_be_written_keeps_its_deliveries(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    (tmp_path / "outbox").write_text("a file in the way", encoding="utf-8")

    answer = ran(operator, "run", "--now", NOW, "--json", status=3)
    (tmp_path / "outbox").unlink()
    mended = ran(operator, "run", "--now", LATER, "--json", status=0)

    assert "the outbox outbox cannot be written" in answer.err
    assert "make room or set RECAP_OUTBOX" in answer.err
    assert answer.data["sent"]["sent"] == 0
    assert mended.data["sent"]["sent"] == answer.data["sent"]["waiting"] > 0


def test_without_a_secret_key_mail_goes_to_the_outbox_all_the_same(tmp_path: Path) -> None:
    operator = an_office(tmp_path, RECAP_SECRET_KEY="")

    ran(operator, "run", "--now", NOW, status=0)

    assert states(operator) == {("slack", "sent"): 6, ("email", "sent"): 1}


def test_reader_that_leaves_and_closed_streams_do_not_stop_the_work(tmp_path: Path) -> None:
    operator = an_office(tmp_path)

    process = operator.process("run", "--now", NOW)
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    closed = operator.process("recaps", before="exec <&- >&- 2>&-")
    closed.communicate(timeout=60)

    assert (process.returncode, err) == (0, "")
    assert closed.returncode == 0
    assert states(operator) == {("slack", "sent"): 6, ("email", "sent"): 1}


# Slack and mail


def test_wrong_slack_token_costs_slack_alone_and_nothing_is_lost(tmp_path: Path) -> None:
    with SlackServer(channels={"C0FOUNDERS": "founders"}) as slack, SmtpServer() as relay:
        operator = an_office(tmp_path, RECAP_SLACK_API_URL=slack.url, RECAP_SMTP_URL=relay.url)

        wrong = ran(operator, "run", "--now", NOW, "--json", status=3, SLACK_BOT_TOKEN=WRONG_TOKEN)
        mended = ran(operator, "run", "--now", LATER, "--json", status=0, SLACK_BOT_TOKEN=TOKEN)
        again = ran(operator, "send", "--week", WEEK, "--now", LATER, status=0, SLACK_BOT_TOKEN=TOKEN)

        assert "Slack refuses the token (invalid_auth): set SLACK_BOT_TOKEN to the bot token" in wrong.err
        assert len(wrong.err.splitlines()) == 1
        assert wrong.data["sent"]["sent"] == 1
        assert mended.data["sent"]["sent"] == len(slack.posted) == 6
        assert "0 sent" in again.out
        assert [mail.recipients for mail in relay.mails] == [[MEMBER]]


def test_unknown_channel_costs_itself_alone(tmp_path: Path) -> None:
    with SlackServer(channels={"C0FOUNDERS": "founders"}) as slack:
        operator = an_office(
            tmp_path,
            routed=routes(slack=("#nowhere", CHANNEL), email=False),
            RECAP_SLACK_API_URL=slack.url,
            SLACK_BOT_TOKEN=TOKEN,
        )

        answer = ran(operator, "run", "--now", NOW, status=3)

        (line,) = answer.err.splitlines()
        assert line.startswith("#nowhere: ")
        assert "channel_not_found: check the channel's id in routes.yaml" in line
        assert line.endswith("then `recap deliveries --retry` and `recap send`")
        assert {each.channel for each in slack.posted} == {"C0FOUNDERS"}
        assert len(slack.posted) == 6


def test_refused_login_keeps_the_mail_until_it_is_mended(tmp_path: Path) -> None:
    with SmtpServer(login=("ada", PASSWORD)) as relay:
        host = relay.url.removeprefix("smtp://")
        operator = an_office(tmp_path)

        refused = ran(operator, "run", "--now", NOW, status=3, RECAP_SMTP_URL=f"smtp://ada:{PASSWORD}x@{host}")
        mended = ran(
            operator, "run", "--now", LATER, "--json", status=0, RECAP_SMTP_URL=f"smtp://ada:{PASSWORD}@{host}"
        )

        (line,) = refused.err.splitlines()
        assert "the relay refuses the login (535): correct user and password in RECAP_SMTP_URL" in line
        assert mended.data["sent"]["sent"] == 1
        assert [mail.recipients for mail in relay.mails] == [[MEMBER]]


def test_relay_that_is_down_is_tried_again_later(tmp_path: Path) -> None:
    operator = an_office(tmp_path, routed=routes(slack=()))
    down = f"smtp://127.0.0.1:{a_closed_port()}"

    first = ran(operator, "run", "--now", NOW, status=3, RECAP_SMTP_URL=down)
    at_once = ran(operator, "send", "--week", WEEK, "--now", NOW, status=3, RECAP_SMTP_URL=down)
    with SmtpServer() as relay:
        ran(operator, "send", "--week", WEEK, "--now", LATER, status=0, RECAP_SMTP_URL=relay.url)

        assert len(relay.mails) == 1
    for answer in (first, at_once):
        (line,) = answer.err.splitlines()
        assert "cannot be reached" in line
        assert "next try at 2026-11-23 09:" in line


# Processes


def test_interrupt_in_the_middle_of_collecting_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/feed.xml"
        operator = an_office(tmp_path, sources=f"  - {{slug: silent, url: '{url}'}}\n", RECAP_ALLOW_HOSTS="127.0.0.1")
        process = operator.process("run", "--now", NOW, own_group=True)
        silent.settimeout(60)
        connection, _ = silent.accept()

        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it, too
        _, err = process.communicate(timeout=20)
        connection.close()

    assert process.returncode == 130
    assert err == "Stopped. What was stored stays; run the command again to go on.\n"
    ran(operator, "recaps", status=0)


def test_two_runs_at_once_send_nothing_twice(tmp_path: Path) -> None:
    with SlackServer(channels={"C0FOUNDERS": "founders"}) as slack, SmtpServer() as relay:
        operator = an_office(tmp_path, RECAP_SLACK_API_URL=slack.url, RECAP_SMTP_URL=relay.url, SLACK_BOT_TOKEN=TOKEN)

        both = [operator.process("run", "--now", NOW, "--json") for _ in range(2)]
        said = [process.communicate(timeout=120) for process in both]

        assert [process.returncode for process in both] == [0, 0], said
        assert sum(json.loads(out)["sent"]["sent"] for out, _ in said) == 7
        assert len(slack.posted) == 6
        assert len(relay.mails) == 1
    assert len(ran(operator, "events", "--week", WEEK, "--json", status=0).data) == 5
