"""The emulated network does what its profile says, and the same again with the same seed."""

import pytest

from bench.link.weather import BUFFER, PROFILES, Lane, Profile


def lane(*, rate: float = 1000, seed: str = "seed", **weather: float) -> Lane:
    return Lane(Profile(rate=rate, **{"delay": 0.4, **weather}), seed=seed)


class TestLane:
    def test_takes_the_time_of_the_pipe_and_then_the_delay(self) -> None:
        assert lane().take(500, 10.0) == pytest.approx(10.0 + 0.5 + 0.4)

    def test_lets_packets_wait_for_each_other(self) -> None:
        narrow = lane()

        outs = [narrow.take(500, 10.0), narrow.take(500, 10.0)]

        assert outs == [pytest.approx(10.9), pytest.approx(11.4)]

    def test_never_lets_a_packet_overtake_another(self) -> None:
        shaky = lane(rate=1e9, jitter=0.5)

        outs = [out for at in range(200) if (out := shaky.take(100, at / 100)) is not None]

        assert outs == sorted(outs)

    def test_drops_what_its_buffer_has_no_room_for(self) -> None:
        narrow = lane()

        outs = [narrow.take(1000, 0.0) for _ in range(20)]

        assert [out is not None for out in outs] == [True] * (int(BUFFER) + 1) + [False] * (19 - int(BUFFER))

    def test_loses_about_the_share_that_it_says(self) -> None:
        lossy = lane(rate=1e9, loss=0.1)

        lost = sum(lossy.take(100, float(at)) is None for at in range(5000))

        assert 400 < lost < 600

    def test_loses_the_same_packets_again_with_the_same_seed(self) -> None:
        first, again, other = (lane(rate=1e9, loss=0.3, jitter=0.1, seed=seed) for seed in ("1", "1", "2"))

        outs = [[one.take(100, float(at)) for at in range(100)] for one in (first, again, other)]

        assert outs[0] == outs[1] != outs[2]

    def test_gives_nothing_in_the_dark_and_everything_after_it(self) -> None:
        dark = lane(rate=1e9, light=60, dark=30)

        outs = {at: dark.take(100, at) is not None for at in (0.0, 59.0, 61.0, 89.0, 91.0, 149.0, 151.0)}

        assert outs == {0.0: True, 59.0: True, 61.0: False, 89.0: False, 91.0: True, 149.0: True, 151.0: False}


class TestProfiles:
    def test_are_those_of_the_promise(self) -> None:
        slow, bad = PROFILES["2g"], PROFILES["bad"]

        assert (slow.rate * 8, slow.delay * 2, slow.loss) == (35_000, 0.8, 0.02)
        assert (bad.loss, bad.dark) == (0.10, 30)
