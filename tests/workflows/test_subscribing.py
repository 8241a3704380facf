"""The life of a subscriber: from the form to the last mail."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import DeliveryState
from bot.model.errors import DeliveryFailed, DeliveryRefused, DeliveryUnknown, NotAllowed, NotFound, SenderMisconfigured
from bot.model.subscriber import NOTICE_URL, NoticeKind, SubscriptionState, address_hash
from bot.wiring.tokens import TokenSeals
from bot.workflows.subscribing import confirm, keep, links, preferences, sign_up
from bot.workflows.subscribing.choices import Choices
from tests.builders import NOW
from tests.fakes.post_office import ANN, PostOffice
from tests.fakes.stores import url_of

BEN = "ben@reader.example"
TO_FOUNDERS = Choices(audiences=("founders",), language="zh", density="compact", day=3, hour=6, timezone="Asia/Tokyo")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        yield PostOffice(store)


def reasons(office: PostOffice, address: str = ANN) -> list[tuple[str, str]]:
    return [(each.list_id, each.reason) for each in office.store.load_suppressions(of=address_hash(address))]


def states(office: PostOffice) -> list[DeliveryState]:
    return [each.state for each in office.store.load_mails(ANN)]


# Signing up


def test_sign_up_waits_for_the_owner_of_the_address(office: PostOffice) -> None:
    office.sign_up(choices=TO_FOUNDERS)

    (mail,) = office.mails()
    assert (mail.kind, mail.address, mail.subject) == (NoticeKind.CONFIRM, ANN, "请确认：Weekly Recap")
    assert office.subscription().state is SubscriptionState.PENDING
    assert office.readers() == []


def test_confirmation_makes_it_active_and_keeps_the_evidence(office: PostOffice) -> None:
    office.sign_up(choices=TO_FOUNDERS)
    office.pass_time(hours=2)

    office.confirm(office.token())

    kept = office.subscription()
    assert kept.state is SubscriptionState.ACTIVE
    assert (kept.consented_at, kept.consent_text, kept.consent_form) == (NOW + timedelta(hours=2), "I want it.", "web")
    assert (kept.audiences, kept.language, kept.density) == (["founders"], "zh", "compact")
    assert (kept.day, kept.hour, kept.timezone) == (3, 6, "Asia/Tokyo")
    assert office.readers() == [ANN]


def test_stored_notice_holds_no_token(office: PostOffice) -> None:
    office.sign_up()

    ((delivery, notice),) = office.store.load_due_notices(now=office.now)

    assert notice is not None
    assert NOTICE_URL in notice.html
    assert "/confirm/" not in notice.html + notice.text
    assert office.token() not in repr(office.store.load_notice(delivery.subject))


def test_token_does_not_show_the_address(office: PostOffice) -> None:
    office.sign_up()

    held = office.registry.seals.unseal(links.CONFIRM, office.token())

    assert "ann" not in repr(held)
    assert "reader.example" not in repr(held)


def test_looking_at_the_link_changes_nothing(office: PostOffice) -> None:
    office.sign_up()

    confirm.look_at(office.token(), registry=office.registry, now=office.now)

    assert office.subscription().state is SubscriptionState.PENDING


def test_second_sign_up_within_the_hour_sends_no_second_mail_but_counts(office: PostOffice) -> None:
    office.sign_up()
    office.pass_time(minutes=59)
    office.sign_up(choices=TO_FOUNDERS)

    assert len(office.mails()) == 1
    assert office.subscription().audiences == ["founders"]


def test_hour_between_two_mails_is_a_whole_one(office: PostOffice) -> None:
    office.now = datetime(2026, 11, 23, 9, 59, tzinfo=UTC)
    office.sign_up()
    office.pass_time(minutes=2)
    office.sign_up()
    assert len(office.mails()) == 1

    office.pass_time(minutes=59)
    office.sign_up()

    assert len(office.mails()) == 2


def test_address_in_other_letters_is_the_same_reader(office: PostOffice) -> None:
    office.subscribe()
    office.pass_time(hours=2)
    office.sign_up("Ann@Reader.example")

    assert [mail.kind for mail in office.mails()] == [NoticeKind.CONFIRM, NoticeKind.KNOWN]


def test_stranger_who_signs_a_reader_up_changes_nothing_of_theirs(office: PostOffice) -> None:
    office.subscribe()
    before = office.subscription()
    office.pass_time(hours=2)

    office.sign_up(choices=TO_FOUNDERS)

    assert office.subscription() == before
    assert office.mails()[-1].kind is NoticeKind.KNOWN


@pytest.mark.parametrize(("list_id", "reason"), [("weekly", "bounced"), ("weekly", "complaint"), ("*", "unsubscribed")])
def test_address_that_must_not_be_written_to_gets_nothing(office: PostOffice, list_id: str, reason: str) -> None:
    office.suppress(list_id=list_id, reason=reason)

    office.sign_up()

    assert office.mails() == []
    assert office.store.load_subscriber_at(ANN) is None


@pytest.mark.parametrize("list_id", ["team", "nothing"])
def test_list_that_is_not_open_takes_nobody(office: PostOffice, list_id: str) -> None:
    with pytest.raises(NotFound):
        office.sign_up(list_id=list_id)


# Tokens


def test_link_is_good_for_72_hours(office: PostOffice) -> None:
    office.sign_up()
    token = office.token()
    office.pass_time(hours=72, seconds=1)

    with pytest.raises(NotAllowed):
        office.confirm(token)

    office.pass_time(seconds=-1)
    assert office.confirm(token).is_confirmed


def test_confirming_twice_changes_nothing(office: PostOffice) -> None:
    office.sign_up()
    token = office.token()
    office.confirm(token)
    once = office.subscription()
    office.pass_time(minutes=1)

    office.confirm(token)

    assert office.subscription() == once


def test_used_link_brings_nobody_back(office: PostOffice) -> None:
    office.sign_up()
    token = office.token()
    office.confirm(token)
    office.leave()

    with pytest.raises(NotAllowed):
        office.confirm(token)
    office.pass_time(hours=2)
    office.sign_up()
    with pytest.raises(NotAllowed):
        office.confirm(token)

    assert office.readers() == []


@pytest.mark.parametrize("purpose", [links.PREFERENCES, links.UNSUBSCRIBE, "session"])
def test_token_of_another_purpose_is_none(office: PostOffice, purpose: str) -> None:
    office.sign_up()
    held = office.registry.seals.unseal(links.CONFIRM, office.token())
    assert isinstance(held, list)

    with pytest.raises(NotFound):
        office.confirm(office.registry.seals.seal(purpose, held))


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1], lambda token: token.swapcase(), lambda token: "x" + token]
)
def test_forged_token_is_none(office: PostOffice, change: object) -> None:
    office.sign_up()
    assert callable(change)

    with pytest.raises(NotFound):
        office.confirm(change(office.token()))


@pytest.mark.parametrize("held", [[], ["a"], ["a", "b", "c", "d"], ["a", "b", "c", None], [1, 2, 3, 4]])
def test_signed_token_of_another_shape_is_none(office: PostOffice, held: list[str | int]) -> None:
    with pytest.raises(NotFound):
        office.confirm(office.registry.seals.seal(links.CONFIRM, held))


def test_tokens_outlive_a_new_key_and_end_with_the_old_one() -> None:
    token = TokenSeals(["old"]).seal("confirm", ["a"])

    assert TokenSeals(["new", "old"]).unseal("confirm", token) == ["a"]
    with pytest.raises(NotFound):
        TokenSeals(["new"]).unseal("confirm", token)


# Posting


def test_notice_goes_once(office: PostOffice) -> None:
    office.sign_up()

    assert [office.post(), office.post()] == [0, 0]

    assert len(office.sender.notices) == 1
    assert states(office) == [DeliveryState.SENT]


def test_relay_that_fails_is_tried_again(office: PostOffice) -> None:
    office.sign_up()
    office.sender.script.append(DeliveryFailed("weekly", "no time"))

    assert office.post() == 1
    assert office.post() == 0  # not due before its pause is over
    office.pass_time(seconds=31)

    assert len(office.mails()) == 1


def test_relay_that_is_set_up_wrongly_is_tried_until_it_is_mended(office: PostOffice) -> None:
    office.sign_up()
    office.sender.script.extend([SenderMisconfigured("weekly", "no login")] * 9)
    for _ in range(9):
        office.post()
        office.pass_time(minutes=1)

    assert len(office.mails()) == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [(DeliveryRefused("weekly"), DeliveryState.FAILED), (DeliveryUnknown("weekly"), DeliveryState.UNKNOWN)],
)
def test_notice_that_failed_or_may_have_arrived_is_not_sent_again(
    office: PostOffice, error: DeliveryRefused, state: DeliveryState
) -> None:
    office.sign_up()
    office.sender.script.append(error)
    office.post()
    office.pass_time(hours=1)

    assert office.mails() == []
    assert states(office) == [state]


def test_notice_that_nobody_waits_for_is_not_sent(office: PostOffice) -> None:
    office.sign_up()
    office.suppress(reason="complaint")

    assert office.mails() == []
    assert states(office) == [DeliveryState.CANCELLED]


def test_notice_whose_link_is_too_old_is_not_sent(office: PostOffice) -> None:
    office.sign_up()
    office.pass_time(hours=73)

    assert office.mails() == []


# Leaving and coming back


def test_leaving_ends_the_subscription_and_keeps_a_hash(office: PostOffice) -> None:
    office.subscribe()

    office.leave()
    office.leave(reason="Too  long\0")

    assert (office.subscription().state, office.subscription().left_reason) == (SubscriptionState.ENDED, "Too long")
    assert reasons(office) == [("weekly", "unsubscribed")]
    assert office.readers() == []


def test_who_left_comes_back_by_a_new_confirmation_only(office: PostOffice) -> None:
    office.subscribe()
    office.leave()
    office.pass_time(hours=2)
    office.sign_up()
    assert office.store.is_suppressed(ANN, list_id="weekly")

    office.confirm(office.token())

    assert reasons(office) == []
    assert office.readers() == [ANN]


def test_confirmation_lifts_no_bounce(office: PostOffice) -> None:
    office.sign_up()
    token = office.token()
    office.suppress(reason="bounced")

    office.confirm(token)

    assert reasons(office) == [("weekly", "bounced")]
    assert office.readers() == []


def test_leaving_does_not_soften_a_complaint(office: PostOffice) -> None:
    office.subscribe()
    office.suppress(reason="complaint")

    office.leave()

    assert reasons(office) == [("weekly", "complaint")]


def test_leaving_without_ever_having_signed_up_works(office: PostOffice) -> None:
    office.leave("member@reader.example")

    assert reasons(office, "member@reader.example") == [("weekly", "unsubscribed")]


# Preferences


def test_reader_changes_their_choices(office: PostOffice) -> None:
    office.subscribe()

    preferences.save(office.account(), "weekly", TO_FOUNDERS, registry=office.registry, now=office.now)

    assert office.subscription().audiences == ["founders"]
    assert office.subscription().state is SubscriptionState.ACTIVE


def test_pause_ends_when_the_readers_day_begins(office: PostOffice) -> None:
    office.subscribe(choices=TO_FOUNDERS)
    until = date(2026, 12, 24)
    preferences.pause(office.account(), "weekly", until=until, registry=office.registry, now=office.now)
    assert office.readers() == []

    keep.keep(store=office.store, now=datetime(2026, 12, 23, 14, 59, tzinfo=UTC))
    assert office.readers() == []
    keep.keep(store=office.store, now=datetime(2026, 12, 23, 15, 0, tzinfo=UTC))

    assert office.readers() == [ANN]


def test_pause_without_an_end_waits_for_the_reader(office: PostOffice) -> None:
    office.subscribe()
    preferences.pause(office.account(), "weekly", until=None, registry=office.registry, now=office.now)
    keep.keep(store=office.store, now=office.now + timedelta(days=999))
    assert office.readers() == []

    preferences.resume(office.account(), "weekly", registry=office.registry, now=office.now)

    assert office.readers() == [ANN]


def test_preferences_bring_nobody_back_who_left(office: PostOffice) -> None:
    office.subscribe()
    office.leave()

    with pytest.raises(NotFound):
        preferences.save(office.account(), "weekly", TO_FOUNDERS, registry=office.registry, now=office.now)
    with pytest.raises(NotFound):
        preferences.resume(office.account(), "weekly", registry=office.registry, now=office.now)

    assert office.readers() == []


def test_preferences_link_ends(office: PostOffice) -> None:
    office.subscribe()

    with pytest.raises(NotAllowed):
        office.account(until=office.now - timedelta(seconds=1))


def test_export_holds_all_that_is_stored(office: PostOffice) -> None:
    office.subscribe()

    held = preferences.export(office.account(), registry=office.registry)

    assert held["subscriber"]["address"] == ANN  # type: ignore[index, call-overload]  # JSON
    assert held["subscriptions"][0]["consent_text"] == "I want it."  # type: ignore[index, call-overload]  # JSON
    assert [mail["purpose"] for mail in held["mails"]] == ["notice"]  # type: ignore[union-attr, index, call-overload]  # JSON


def test_erased_reader_leaves_a_hash_alone(office: PostOffice) -> None:
    office.subscribe()
    office.subscribe(BEN)

    preferences.erase(office.account(), registry=office.registry, now=office.now)

    assert office.store.load_subscriber_at(ANN) is None
    assert reasons(office) == [("weekly", "unsubscribed")]
    assert ANN not in repr(office.store.load_deliveries())
    assert office.readers() == [BEN]


def test_link_goes_to_those_who_get_a_list_only(office: PostOffice) -> None:
    office.subscribe()
    office.pass_time(hours=2)

    sign_up.send_link(ANN, registry=office.registry, now=office.now)
    sign_up.send_link("nobody@reader.example", registry=office.registry, now=office.now)

    assert [(mail.kind, mail.address) for mail in office.mails()[1:]] == [(NoticeKind.LINK, ANN)]


def test_link_of_a_mail_opens_the_preferences_of_its_reader(office: PostOffice) -> None:
    office.subscribe()
    office.pass_time(hours=2)
    sign_up.send_link(ANN, registry=office.registry, now=office.now)

    opened = preferences.account(office.token(), registry=office.registry, now=office.now)

    assert opened.subscriber.address == ANN


# What time does


def test_who_never_confirms_is_forgotten_after_30_days(office: PostOffice) -> None:
    office.sign_up()
    office.subscribe(BEN)
    keep.keep(store=office.store, now=NOW + timedelta(days=30))
    assert office.store.load_subscriber_at(ANN) is not None

    report = keep.keep(store=office.store, now=NOW + timedelta(days=30, seconds=1))

    assert report.forgotten == 1
    assert office.store.load_subscriber_at(ANN) is None
    assert office.readers() == [BEN]
