"""Bytes by device, counted from anywhere and taken once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from live import meter as meters
from live.meter import Count, Meter

PERSON, PHONE, TABLET = uuid4(), uuid4(), uuid4()


@pytest.fixture
def meter() -> Meter:
    return Meter()


class TestCount:
    def test_adds_by_device(self, meter: Meter) -> None:
        meter.count(PERSON, PHONE, sent=1, received=2)
        meter.count(PERSON, PHONE, sent=10)
        meter.count(PERSON, TABLET, received=5)

        assert set(meter.take()) == {Count(PERSON, PHONE, 11, 2), Count(PERSON, TABLET, 0, 5)}

    def test_is_taken_once(self, meter: Meter) -> None:
        meter.count(PERSON, PHONE, sent=1)

        assert len(meter.take()) == 1
        assert meter.take() == []

    def test_may_be_put_back(self, meter: Meter) -> None:
        meter.count(PERSON, PHONE, sent=1, received=2)
        taken = meter.take()
        meter.count(PERSON, PHONE, sent=10)

        meter.put_back(taken)

        assert meter.take() == [Count(PERSON, PHONE, 11, 2)]

    def test_loses_nothing_between_threads(self, meter: Meter) -> None:
        taken: list[Count] = []

        def count(number: int) -> None:
            for _ in range(2_000):
                meter.count(PERSON, PHONE, sent=1, received=2)
            taken.extend(meter.take())

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(count, range(4)))
        taken.extend(meter.take())

        assert (sum(count.sent for count in taken), sum(count.received for count in taken)) == (8_000, 16_000)


class TestWhatCarriesThem:
    """Beside what was measured on the wire: TLS 1.3, resumed, over TCP over IPv4 with timestamps."""

    def cost(self, meter: Meter) -> int:
        [count] = meter.take()
        return count.sent + count.received

    @pytest.mark.parametrize(("payload", "measured"), [(16, 144), (495, 625)])
    def test_of_a_frame_down(self, meter: Meter, payload: int, measured: int) -> None:
        meter.frame_down(PERSON, PHONE, payload)

        assert measured <= self.cost(meter) <= measured * 1.05

    def test_of_a_frame_up_and_the_one_that_answers(self, meter: Meter) -> None:
        meter.frame_up(PERSON, PHONE, 17)
        meter.frame_down(PERSON, PHONE, 3)

        assert 228 <= self.cost(meter) <= 228 * 1.3  # both sides' acknowledgements often travel with what is said

    def test_of_a_connection_with_nothing_new(self, meter: Meter) -> None:
        meter.connect(PERSON, PHONE)

        assert 2_574 + 260 <= self.cost(meter) + 5 <= 2_886

    def test_of_a_request_on_a_connection_of_its_own(self, meter: Meter) -> None:
        meter.exchange(PERSON, PHONE, up=560 + 19, down=176 + 40, is_first=True)

        assert self.cost(meter) == pytest.approx(2_549 + 260, rel=0.1)

    def test_of_a_request_that_follows(self, meter: Meter) -> None:
        meter.exchange(PERSON, PHONE, up=500, down=12_000, is_first=False)

        assert meter.take() == [Count(PERSON, PHONE, 500 + 74 + 52, 12_000 + 9 * 74 + 52)]

    def test_is_told_as_it_is_counted(self) -> None:
        assert meters.COUNTED == {"per_frame": 80, "per_ack": 52, "per_packet": 74, "per_setup": 1_932, "per_connect": 2_829}
