"""A limit to how many readers train at once."""

from pages.widgets.training.places import AWAY, TURN, Places
from tests.cases import Clock


def test_so_many_readers_train_at_once_and_others_follow_in_their_order():
    places = Places(2, Clock())
    assert [places.take(who) for who in "abcd"] == [0, 0, 1, 2]
    assert [places.take(who) for who in "dcba"] == [2, 1, 0, 0], "looking changes no order"
    places.leave("a")
    assert [places.take(who) for who in "dcb"] == [1, 0, 0]
    places.leave("d")
    assert places.take("a") == 1


def test_a_place_is_free_when_its_reader_has_not_looked_for_long():
    clock = Clock()
    places = Places(1, clock)
    assert places.take("one") == 0
    clock.now += AWAY / 2
    assert places.take("one") == 0
    clock.now += AWAY / 2
    assert places.take("two") == 1
    clock.now += AWAY / 2
    assert places.take("two") == 0
    assert places.take("one") == 1


def test_a_turn_ends_only_where_somebody_waits():
    clock = Clock()
    places = Places(1, clock)

    def looks(*readers: str) -> list[int]:
        clock.now += AWAY / 2
        return [places.take(who) for who in readers]

    while clock.now < 2 * TURN:
        assert looks("a") == [0]
    assert looks("b", "a", "b", "a") == [1, 1, 0, 1], "its turn was over, so it goes behind"
    began = clock.now
    while clock.now < began + TURN - AWAY / 2:
        assert looks("a", "b") == [1, 0]
    assert looks("b", "a") == [1, 0]


def test_who_waits_is_told_when_a_place_is_free_at_the_latest():
    clock = Clock()
    places = Places(2, clock)
    told = {who: places.wait(places.take(who)) for who in "abcdef"}
    assert told == {"a": 0, "b": 0, "c": TURN, "d": TURN, "e": 2 * TURN, "f": 2 * TURN}
    placed = dict.fromkeys("ab", 0.0)
    while len(placed) < len(told):
        clock.now += AWAY / 2
        free = [who for who in told if not places.take(who)]
        placed |= {who: clock.now for who in free if who not in placed}
    assert all(placed[who] <= told[who] + AWAY / 2 for who in told)
