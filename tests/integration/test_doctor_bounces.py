from pathlib import Path

from bot.entrypoints import doctor
from bot.model.subscriber import Bounce, BounceKind
from tests.builders import NOW
from tests.fakes.office import Office, open_office


def said(office: Office) -> list[tuple[str, str]]:
    found = doctor.examine(office.bot, now=NOW)
    return [(each.level, each.text) for each in found if each.subject == "bounces"]


def test_refusals_for_our_fault_are_told_with_the_mend(tmp_path: Path) -> None:
    with open_office(tmp_path) as office:
        assert said(office) == []
        bounce = Bounce(
            id="b", address_hash="h", list_id="weekly", kind=BounceKind.POLICY, status="5.7.26",
            diagnostic="unauthenticated", bounced_at=NOW,
        )  # fmt: skip
        office.bot.store.save_bounce(bounce)

        [(level, text)] = said(office)

    assert level == "fault"
    assert text == (
        "mail is refused for a fault of ours, last 2026-11-23: 5.7.26 unauthenticated;"
        " mend SPF, DKIM, DMARC or the sender's standing; the readers stay."
    )


def test_complaints_over_the_limit_are_a_fault_and_near_it_a_note(tmp_path: Path) -> None:
    with open_office(tmp_path) as office:
        for number in range(400):
            office.sent(f"d{number}", recipient=f"r{number}@reader.example", state="sent", settled_at=NOW)
        levels = []
        for name in ("a", "b"):
            complaint = Bounce(id=name, address_hash=name, list_id="weekly", kind=BounceKind.COMPLAINT, bounced_at=NOW)
            office.bot.store.save_bounce(complaint)
            levels += [level for level, _ in said(office)]

    assert levels == ["note", "fault"]


def test_key_of_an_unknown_provider_is_a_fault(tmp_path: Path) -> None:
    with open_office(tmp_path, RECAP_WEBHOOK_MAILGUM_KEY="x") as office:
        assert said(office) == [("fault", "RECAP_WEBHOOK_MAILGUM_KEY names no provider that we know; known: MAILGUN.")]
