"""The last look before a message goes: what a run keeps in memory gets no older than half a minute."""

from datetime import timedelta

from bot.adapters.storage.store import SqlStore
from bot.model.feedback import CORRECT, ReviewAct
from bot.workflows.last_look import LastLook
from tests.builders import NOW
from tests.delivery_builders import a_delivery, a_digest, a_mail, a_recap


def test_mail_of_a_long_run_brings_its_digest_as_corrected_meanwhile() -> None:
    store, clock = SqlStore("sqlite://"), [NOW.replace(second=0)]
    store.upgrade()
    told, right = a_digest(), a_digest(email=a_mail(text="Corrected."))
    store.save_edition(a_recap(), [told], [])
    look = LastLook(store, {}, now=lambda: clock[0])
    before = look.digest(a_delivery())
    act = ReviewAct(id="1", digest_key=told.key, act=CORRECT, editor="mira", acted_at=NOW)
    store.save_digest(right, act, instead_of=told)

    clock[0] += timedelta(seconds=30)

    assert before is not None
    assert before.email == a_mail()
    assert (after := look.digest(a_delivery())) is not None
    assert after.email == a_mail(text="Corrected.")
