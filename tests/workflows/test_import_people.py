import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from bot.model.errors import NotAllowed, NotFound
from bot.model.subscriber import Subscription, SubscriptionState, Suppression, address_hash, subscriber_id
from bot.wiring.office import ImportReport, Told
from bot.wiring.office import Office as Lists
from tests.builders import NOW
from tests.contract.builders import a_subscriber, a_subscription
from tests.fakes.office import Office, open_office

ANN = "ann@reader.example"


class Files:
    """An operator with files of people, and one list to bring them onto."""

    def __init__(self, office: Office) -> None:
        self.store = office.bot.store
        self.lists = Lists(office.bot)
        self.told: list[Told] = []

    def add(self, content: str | bytes, *, consent: str = "The weekly recap", dry_run: bool = False) -> ImportReport:
        return self.lists.import_people(
            BytesIO(content if isinstance(content, bytes) else content.encode()),
            form="import:people.csv",
            list_id="weekly",
            consent=consent,
            encoding="utf-8",
            is_rehearsal=dry_run,
            now=NOW,
            tell=self.told.append,
        )

    def said(self) -> list[str]:
        return [str(each) for each in self.told]

    def subscription(self, address: str = ANN) -> Subscription:
        return self.store.load_subscriptions(subscriber_id(address))[0]

    def exported(self, *, with_suppressed: bool = False) -> str:
        states = frozenset(SubscriptionState)
        return "".join(self.lists.export("weekly", states=states, with_suppressed=with_suppressed))


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    with open_office(tmp_path) as office:
        yield Files(office)


def test_person_gets_what_the_row_says(files: Files) -> None:
    report = files.add(
        "email,audiences,language,zone,day,hour,density,mutes,consented_at,consent\n"
        "Ann@Reader.Example,engineers; founders,zh,Asia/Shanghai,Friday,07:30,compact,coupon; deals,"
        "2026-10-01T08:00+02:00,Ja bitte\n"
    )

    found = files.subscription("Ann@reader.example")
    assert (report.added, report.left_out, report.failed, files.told) == (1, 0, 0, [])
    assert (found.state, found.audiences, found.language) == ("active", ["founders", "engineers"], "zh")
    assert (found.timezone, found.day, found.hour, found.density) == ("Asia/Shanghai", 4, 7, "compact")
    assert found.mutes == ["coupon", "deals"]
    assert (found.consent_text, found.consent_form) == ("Ja bitte", "import:people.csv")
    assert found.consented_at == datetime(2026, 10, 1, 6, tzinfo=UTC)


def test_row_that_says_nothing_gets_the_usual(files: Files) -> None:
    files.add(f"address\n{ANN}\n")

    found = files.subscription()
    assert (found.audiences, found.language, found.day, found.hour) == (["*"], "en", 0, 9)
    assert (found.consent_text, found.consented_at) == ("The weekly recap", NOW)


def test_nobody_is_added_without_consent(files: Files) -> None:
    report = files.add(
        f"address,consent\n{ANN},\nbob@reader.example,No\ncy@reader.example,the form of 2025\n", consent=""
    )

    assert (report.added, report.failed) == (1, 2)
    assert files.said() == [
        "row 2: says nothing of consent; fill 'consent' or 'consented_at', or give --consent",
        "row 3: consent is 'No'; only who agreed may be added",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("no address,,,,", "'no address' is no mail address"),
        (",,,,x", "'' is no mail address"),
        (f"{ANN},enginers,,,", "audience 'enginers' is none of the list's; did you mean 'engineers'?"),
        (f"{ANN},,kl,,", "language 'kl' is not known; known: en, zh"),
        (f"{ANN},,,Europe/Berlyn,", "timezone 'Europe/Berlyn' is not known; did you mean 'Europe/Berlin'?"),
        (f"{ANN},,,,24", "hour '24' is not known"),
    ],
)
def test_faulty_row_is_named_with_its_mend_and_the_rest_goes_on(files: Files, row: str, reason: str) -> None:
    report = files.add(f"address,audiences,language,timezone,hour\n{row}\nbob@reader.example,,,,\n")

    assert (report.added, report.failed) == (1, 1)
    assert files.said()[0].startswith(f"row 2: {reason}")


def test_readers_own_decisions_stand(files: Files) -> None:
    for number, state in enumerate(SubscriptionState):
        person = a_subscriber(f"p{number}@reader.example", id=subscriber_id(f"p{number}@reader.example"))
        files.store.save_subscriber(person, a_subscription(person, state=state))
    for address, list_id, reason in [
        ("q", "weekly", "unsubscribed"),
        ("r", "*", "complaint"),
        ("s", "daily", "bounce"),
    ]:
        hashed = address_hash(f"{address}@reader.example")
        files.store.save_suppression(Suppression(address_hash=hashed, list_id=list_id, reason=reason, created_at=NOW))

    report = files.add(
        "address\n" + "".join(f"{name}@reader.example\n" for name in ("p0", "p1", "p2", "p3", "Q", "r", "s"))
    )

    assert (report.added, report.left_out, report.failed) == (1, 6, 0)
    assert files.said() == [
        "row 2: has signed up already, and has yet to confirm",
        "row 3: is on the list already, and stays as they are",
        "row 4: is on the list already, and paused",
        "row 5: left the list; only they can come back, by signing up",
        "row 6: must not be written to (unsubscribed)",
        "row 7: must not be written to (complaint)",
    ]
    assert files.subscription("p3@reader.example").state is SubscriptionState.ENDED


def test_address_twice_is_added_once_and_a_faulty_first_does_not_count(files: Files) -> None:
    report = files.add(f"address,hour\n{ANN},99\n{ANN},8\n{ANN.upper()},9\n")

    assert (report.added, report.left_out, report.failed) == (1, 1, 1)
    assert files.said()[1] == "row 4: has the address of row 3"
    assert files.subscription().hour == 8


def test_dry_run_says_the_same_and_stores_nothing(files: Files) -> None:
    content = f"address\n{ANN}\nnobody\n"

    rehearsal, rehearsed = files.add(content, dry_run=True), files.said()
    assert files.store.count_subscriptions() == []
    files.told.clear()

    assert files.add(content) == rehearsal
    assert files.said() == rehearsed


def test_import_again_adds_nobody(files: Files) -> None:
    content = "address\n" + "".join(f"reader{number}@reader.example\n" for number in range(1200))

    assert files.add(content).added == 1200
    assert (files.add(content).added, len(files.told)) == (0, 1200)


def test_file_without_addresses_is_refused_as_a_whole(files: Files) -> None:
    with pytest.raises(NotAllowed, match="no column 'address'; it has name, city"):
        files.add("name,city\nAnn,Halden\n")


def test_columns_that_say_nothing_are_named(files: Files) -> None:
    assert files.add(f"address,first_name,created_at\n{ANN},Ann,2020\n").unknown_columns == ["first_name"]


def test_export_comes_back_as_it_went(files: Files, tmp_path: Path) -> None:
    files.add(f'address,hour,mutes,consent\n{ANN},8,=cmd; deals,"=HYPERLINK(""x"")"\n+bob@reader.example,9,,yes\n')
    exported = files.exported()

    (tmp_path / "other").mkdir()
    with open_office(tmp_path / "other") as other:
        again = Files(other)
        again.add(exported, consent="")

    assert "'=HYPERLINK" in exported
    assert "'+bob@reader.example" in exported
    found = [row["address"] for row in csv.DictReader(StringIO(exported))]
    assert sorted(found) == ["'+bob@reader.example", ANN]
    assert again.told == []


def test_export_leaves_out_who_must_not_be_written_to(files: Files) -> None:
    files.add(f"address\n{ANN}\nbob@reader.example\n")
    files.lists.suppress(ANN, list_id=None, reason="asked by phone", now=NOW)

    assert ANN not in files.exported()
    assert f"{ANN},active," in files.exported(with_suppressed=True)
    assert "asked by phone" in files.exported(with_suppressed=True)


def test_people_who_ended_elsewhere_stay_out(files: Files) -> None:
    report = files.add(f"address,state\n{ANN},ended\nbob@reader.example,Subscribed\n")

    assert (report.added, files.said()) == (1, ["row 2: is 'ended' where they come from"])


def test_operator_lifts_what_no_reader_said(files: Files) -> None:
    files.lists.suppress(ANN, list_id=None, reason="bounce 5.1.1", now=NOW)
    files.lists.suppress(ANN, list_id="weekly", reason="unsubscribed", now=NOW)

    files.lists.unsuppress(ANN, list_id=None)

    assert [each.list_id for each in files.store.load_suppressions()] == ["weekly"]
    with pytest.raises(NotAllowed, match="Its reader said so"):
        files.lists.unsuppress(ANN, list_id="weekly")
    with pytest.raises(NotFound):
        files.lists.unsuppress(ANN, list_id=None)


def test_erased_reader_is_gone_but_for_a_hash(files: Files) -> None:
    files.add(f"address\n{ANN}\n")
    files.lists.suppress(ANN, list_id=None, reason="complaint", now=NOW)

    files.lists.erase(ANN)

    found = files.lists.record(ANN, now=NOW)
    assert (found.subscriber, list(found.subscriptions)) == (None, [])
    assert [each.reason for each in found.suppressions] == ["complaint"]
    assert files.add(f"address\n{ANN}\n").added == 0
