from bot.understand import routed


def test_precision_counts_strongest_matches_of_those_that_got_one() -> None:
    wanted = [{"security"}, {"data"}, {"data"}, {"designers"}]
    found = [["security"], ["security", "data"], [], ["designers"]]

    measured = routed.measure(wanted, found)

    assert (measured.coverage, round(measured.precision, 3), measured.any_of) == (0.75, 0.667, 1.0)


def test_item_without_a_match_is_missed_by_f1() -> None:
    measured = routed.measure([{"data"}, {"data"}, {"security"}], [["data"], [], ["security"]])

    assert [(each.label, each.precision, each.recall) for each in measured.by_label] == [
        ("data", 1.0, 0.5),
        ("security", 1.0, 1.0),
    ]
    assert round(measured.macro_f1, 3) == 0.833
