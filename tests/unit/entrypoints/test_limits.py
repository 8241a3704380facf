from bot.entrypoints.web import limits
from bot.entrypoints.web.limits import RateLimit


def test_visitor_may_again_when_the_first_time_is_long_past() -> None:
    limit = RateLimit(2, seconds=60)

    waits = [limit.wait_s("192.0.2.1", at=at) for at in (0, 10, 20, 60, 61, 70)]

    assert waits == [0, 0, 41, 0, 10, 0]


def test_visitors_do_not_share_their_limit() -> None:
    limit = RateLimit(1, seconds=60)

    assert [limit.wait_s(who, at=0) for who in ("192.0.2.1", "192.0.2.2", "somebody", "192.0.2.1")] == [0, 0, 0, 61]


def test_network_of_one_home_is_one_visitor() -> None:
    limit = RateLimit(1, seconds=60)

    waits = [limit.wait_s(who, at=0) for who in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "::ffff:192.0.2.1")]

    assert waits == [0, 61, 0, 0]


def test_memory_stays_bounded() -> None:
    limit = RateLimit(1, seconds=60)

    for number in range(limits.MAX_VISITORS + 1):
        limit.wait_s(f"visitor-{number}", at=0)

    assert limit.wait_s("visitor-1", at=0) == 61
    assert limit.wait_s("visitor-0", at=0) == 0
