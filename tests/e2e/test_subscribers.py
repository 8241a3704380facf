"""Lists and what comes back of their mail, as an operator runs them."""

import csv
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from bot.adapters.storage.store import SqlStore
from tests.fakes.command import Operator, an_operator
from tests.fakes.office import RECAP
from tests.fakes.returned import a_mail_delivery, sample
from tests.fakes.stores import url_of

SOURCES = "sources:\n  - {slug: halden, url: https://halden.example/feed.xml}\n"
ROUTES = "routes:\n  - {id: all, destinations: [{email: weekly}]}\n"
ANN = "ann@reader.example"
PEOPLE = f"""address,consent,hour
{ANN},The form of 2026,8
bob@reader.example,The form of 2026,25
=cy@reader.example,The form of 2026,9
"""


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    url_of(tmp_path / "recap.db")
    return an_operator(tmp_path, recap=RECAP, sources=SOURCES, routes=ROUTES)


def sent_mail(operator: Operator) -> str:
    """Enter a mail to ann into the ledger; return its id."""
    store = SqlStore(f"sqlite:///{operator.home / 'recap.db'}")
    delivery = a_mail_delivery()
    store.save_deliveries([delivery])
    store.close()
    return delivery.id


def test_import_says_which_rows_failed_and_exits_three(operator: Operator) -> None:
    (operator.home / "people.csv").write_text(PEOPLE, "utf-8")

    answer = operator.recap("subscribers", "import", "people.csv", "--list", "weekly")

    assert answer.status == 3
    assert answer.out == "Added 2 to weekly; 0 left out, 1 failed.\n"
    assert answer.err.startswith("row 3: hour '25' is not known")
    exported = operator.recap("subscribers", "export", "--list", "weekly")
    assert {row["address"] for row in csv.DictReader(StringIO(exported.out))} == {ANN, "'=cy@reader.example"}


def test_dry_run_is_json_for_programs(operator: Operator) -> None:
    (operator.home / "people.csv").write_text(PEOPLE, "utf-8")

    answer = operator.recap("subscribers", "import", "people.csv", "--list", "weekly", "--dry-run", "--json")

    assert (answer.data["report"]["added"], answer.data["report"]["failed"]) == (2, 1)
    assert [row["row"] for row in answer.data["rows"]] == [3]
    assert operator.recap("subscribers", "--json").data["lists"] == []


def test_list_must_be_named_where_there_are_several(operator: Operator) -> None:
    (operator.home / "people.csv").write_text(PEOPLE, "utf-8")

    answer = operator.recap("subscribers", "import", "people.csv")

    assert (answer.status, answer.out) == (1, "")
    assert "Name the list by --list. recap.yaml has: weekly, daily." in answer.err


def test_mail_that_comes_back_through_a_pipe_suppresses_its_reader(operator: Operator) -> None:
    raw = sample("postfix-unknown", sent_mail(operator))

    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "RECAP_SECRET_KEY": "test"}
    said = [piped(operator, raw, environment) for _ in range(2)]

    assert said == ["suppressed (hard 5.1.1): there is no such mailbox.\n", "known (hard 5.1.1): it came before.\n"]
    shown = operator.recap("subscribers", "show", ANN)
    assert "never written to on every list: bounce 5.1.1" in shown.out


def piped(operator: Operator, raw: bytes, environment: dict[str, str]) -> str:

    words = [sys.executable, "-m", "bot", "bounce"]
    done = subprocess.run(words, input=raw, cwd=operator.home, env=environment, capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def test_junk_in_the_pipe_is_never_sent_back(operator: Operator) -> None:
    (operator.home / "junk").write_bytes(b"\xff\x00\x1b[31m")

    answer = operator.recap("bounce", "junk")

    assert (answer.status, answer.out) == (0, "ignored: it is no report of a refused mail.\n")


def test_mail_server_keeps_the_mail_while_we_cannot_store_it(operator: Operator) -> None:
    (operator.home / "mail").write_bytes(sample("postfix-unknown", "0" * 32))
    (operator.home / "recap.db").write_bytes(b"no database, whatever its name says" * 100)

    answer = operator.recap("bounce", "mail")

    assert answer.status == 75
    assert len(answer.err.splitlines()) == 1


def test_faulty_settings_send_no_mail_back_either(operator: Operator) -> None:
    (operator.config / "recap.yaml").write_text("lists: [{id: weekly, bounce_address: bounces+x@mail.example}]\n")
    (operator.home / "mail").write_bytes(sample("postfix-unknown", "0" * 32))

    answer = operator.recap("bounce", "mail")

    assert answer.status == 75
    assert "must be a plain address with at most 15 characters before the @" in answer.err


def test_admin_link_is_printed(operator: Operator) -> None:
    answer = operator.recap("admin-link")

    assert answer.status == 0
    assert answer.out.startswith("http://127.0.0.1:8000/admin/sign-in/")
