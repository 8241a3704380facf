"""Which route people's own messages follow."""

from bot.model.route import Route
from bot.workflows import wanted_segments

CONFIG = Route(id="all", name="All", min_score=0.2, max_events=10)
CHANNEL = Route(id="slack-c0quiet", name="#quiet", origin="slack", language="zh", min_score=0.9, max_events=3)


def test_limits_of_a_channel_are_not_those_of_peoples_own_messages() -> None:
    assert wanted_segments.for_people([CHANNEL, CONFIG]) == [CONFIG]


def test_where_only_channels_have_routes_people_follow_these() -> None:
    assert wanted_segments.for_people([CHANNEL]) == [CHANNEL]
