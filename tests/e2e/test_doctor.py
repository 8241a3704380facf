"""`recap doctor`: what is wrong outside, and the mend."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.test_bad_days import WRONG_TOKEN, a_closed_port, ran
from tests.fakes.command import Operator
from tests.fakes.invented_week import CHANNEL, NOW, PASSWORD, RECAP, TOKEN, an_office, routes
from tests.fakes.slack_server import SlackServer
from tests.fakes.smtp_server import SmtpServer

# The stand-in takes passwords in the clear, on the loopback only.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def found(operator: Operator, *words: str, status: int, **environment: str) -> dict[str, list[str]]:
    """Return what doctor says: subject → lines, each with its level in front."""
    lines: dict[str, list[str]] = {}
    for each in ran(operator, "doctor", *words, "--json", status=status, **environment).data:
        lines.setdefault(each["subject"], []).append(f"{each['level']}: {each['text']}")
    return lines


def test_shipped_config_has_no_fault_and_needs_no_network(tmp_path: Path) -> None:
    operator = Operator(tmp_path, {"RECAP_SECRET_KEY": ""})
    ran(operator, "init", status=0)
    recap = tmp_path / "config" / "recap.yaml"
    recap.write_text(recap.read_text(encoding="utf-8").replace("embedder: auto", "embedder: lexical"), encoding="utf-8")

    lines = found(operator, "--now", "2026-11-18T09:00Z", status=0)

    assert lines["database"] == ["note: There is none yet; the first `recap run` makes it."]
    assert lines["config"][1].startswith("note: RECAP_SECRET_KEY is not set")
    assert {line.split(":")[0] for line in lines["schedule"]} == {"ok"}
    assert [path.name for path in tmp_path.iterdir()] == ["config"]


def test_what_would_send_is_tried_without_sending(tmp_path: Path) -> None:
    channels = {"C0FOUNDERS": "founders", "C0OLD": "old", "C0FOREIGN": "foreign"}
    with (
        SlackServer(channels=channels, archived=["C0OLD"], foreign=["C0FOREIGN"]) as slack,
        SmtpServer(login=("ada", PASSWORD)) as relay,
    ):
        operator = an_office(
            tmp_path,
            routed=routes(slack=(CHANNEL, "#nowhere", "C0OLD", "#foreign")),
            RECAP_SLACK_API_URL=slack.url,
            RECAP_BASE_URL="https://recap.example",
            SLACK_BOT_TOKEN=TOKEN,
            RECAP_SMTP_URL=f"smtp://ada:{PASSWORD}@127.0.0.1:{relay.port}",
        )

        lines = found(operator, status=1)

        assert (slack.posted, relay.mails) == ([], [])
        assert lines["slack"] == [
            "ok: the token is good for the workspace Halden (T0HALDEN).",
            "fault: the app is not in #foreign: invite the app to the channel, or give it the scope chat:write.public.",
            "fault: #nowhere is not among the channels that the app sees: check it in routes.yaml; "
            "a private channel needs the scope groups:read and an invitation.",
            "fault: C0OLD is archived: take the channel out of routes.yaml, or restore it.",
        ]
        assert lines["email"] == [f"ok: 127.0.0.1:{relay.port} takes the login."]
        assert lines["web"] == ["ok: links lead to https://recap.example."]


def test_wrong_secrets_are_named_with_the_mend_and_never_shown(tmp_path: Path) -> None:
    with SlackServer() as slack, SmtpServer(login=("ada", "right")) as relay:
        operator = an_office(
            tmp_path,
            RECAP_SLACK_API_URL=slack.url,
            SLACK_BOT_TOKEN=WRONG_TOKEN,
            RECAP_SMTP_URL=f"smtp://ada:{PASSWORD}@127.0.0.1:{relay.port}",
        )

        lines = found(operator, status=1)

    assert "(invalid_auth): set SLACK_BOT_TOKEN" in lines["slack"][0]
    assert "(535): correct user and password in RECAP_SMTP_URL" in lines["email"][0]
    assert "set RECAP_BASE_URL to the address that readers can reach" in lines["web"][0]


def test_what_cannot_be_reached_is_told_apart_from_what_is_refused(tmp_path: Path) -> None:
    closed = f"127.0.0.1:{a_closed_port()}"
    operator = an_office(
        tmp_path,
        RECAP_SLACK_API_URL=f"http://{closed}/api/",
        SLACK_BOT_TOKEN=TOKEN,
        RECAP_SMTP_URL=f"smtp://{closed}",
        RECAP_DATABASE_URL=f"postgresql://recap:{PASSWORD}@{closed}/recap",
        RECAP_BASE_URL="http://recap.example",
    )

    lines = found(operator, status=1)

    assert "Slack cannot be reached" in lines["slack"][0]
    assert f"the relay {closed} cannot be reached" in lines["email"][0]
    assert "127.0.0.1/recap does not answer" in lines["database"][0]
    assert "without encryption; put https in front of it" in lines["web"][0]
    assert "sources" not in lines


def test_slack_that_hides_its_channels_is_a_note(tmp_path: Path) -> None:
    with SlackServer(scopes=frozenset({"chat:write"})) as slack:
        operator = an_office(tmp_path, routed=routes(email=False), RECAP_SLACK_API_URL=slack.url, SLACK_BOT_TOKEN=TOKEN)

        lines = found(operator, status=1)

    assert lines["slack"][1].startswith("note: Whether the channels are there cannot be seen: Slack wants the scope")


def test_schema_that_is_behind_and_an_outbox_in_the_way_are_faults(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    ran(operator, "db", "upgrade", status=0)
    with closing(sqlite3.connect(tmp_path / "recap.db")) as database, database:
        database.execute("DELETE FROM alembic_version")
    (tmp_path / "outbox").write_text("in the way", encoding="utf-8")

    lines = found(operator, status=1)

    assert lines["database"] == ["fault: The database cannot be opened. The schema is behind: run `recap db upgrade`."]
    assert "the outbox outbox cannot be written" in lines["slack"][0]
    assert lines["slack"][0].endswith("make room or set RECAP_OUTBOX")


def test_failing_source_and_a_clock_that_stands_before_the_last_poll_are_faults(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    (tmp_path / "feeds" / "halden" / "feed.xml").unlink()
    ran(operator, "collect", "--now", NOW, status=3)

    lines = found(operator, "--now", "2026-11-20T09:00Z", status=1)

    assert lines["sources"][0].startswith("fault: halden failed once: The source did not answer this time.")
    assert lines["clock"] == [
        "fault: 2026-11-20 09:00 UTC is before the last poll of a source (2026-11-23 09:00): "
        "set the clock of this machine."
    ]


def test_schedule_is_told_in_local_time_across_a_change_of_clocks(tmp_path: Path) -> None:
    route = '{id: %s, name: All, audiences: ["*"], destinations: [{email: team}], day: %s, time: "%s", timezone: %s}'
    listed = [
        route % ("berlin", "mon", "09:00", "Europe/Berlin"),
        route % ("night", "sun", "02:30", "Europe/Berlin"),
        route % ("shanghai", "mon", "09:00", "Asia/Shanghai"),
    ]
    routed = "routes:\n" + "".join(f"  - {each}\n" for each in listed)
    recap = RECAP.replace("timezone: UTC", "timezone: Europe/Berlin\nbuild_at: {day: mon, time: '06:00'}")
    operator = an_office(tmp_path, routed=routed, recap=recap)

    forward = found(operator, "--now", "2026-03-22T12:00Z", status=0)["schedule"]
    back = found(operator, "--now", "2026-10-24T12:00Z", status=0)["schedule"]

    assert forward == [
        "ok: it is Sun 2026-03-22 13:00 in Europe/Berlin (UTC+01:00); UTC 2026-03-22 12:00.",
        "ok: 2026-W12 is built Mon 2026-03-23 06:00 in Europe/Berlin (UTC+01:00).",
        "ok: route berlin sends Mon 2026-03-23 09:00 in Europe/Berlin (UTC+01:00).",
        "note: route night sends Sun 2026-03-29 03:30 in Europe/Berlin (UTC+02:00), after the clocks change; "
        "the clocks skip 02:30 that day.",
        "note: route shanghai sends Mon 2026-03-30 09:00 in Asia/Shanghai (UTC+08:00), "
        "6 days after the build: choose a later time or another day.",
    ]
    assert (
        back[1] == "ok: 2026-W43 is built Mon 2026-10-26 06:00 in Europe/Berlin (UTC+01:00), after the clocks change."
    )
    assert back[2] == (
        "ok: route berlin sends Mon 2026-10-26 09:00 in Europe/Berlin (UTC+01:00), after the clocks change."
    )
