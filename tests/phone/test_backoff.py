from phone.backoff import BASE, CAP, Backoff


class TestNext:
    def test_doubles_its_bound_up_to_the_cap(self) -> None:
        backoff = Backoff(chance=lambda: 1.0)

        assert [backoff.next() for _ in range(9)] == [BASE, 2, 4, 8, 16, 32, 64, CAP, CAP]

    def test_may_come_back_at_once(self) -> None:
        assert Backoff(chance=lambda: 0.0).next() == 0

    def test_never_comes_before_the_server_asked(self) -> None:
        assert Backoff(chance=lambda: 0.0).next(floor=17) == 17
        assert Backoff(chance=lambda: 0.5).next(floor=17) == 17.5

    def test_starts_again_once_it_worked(self) -> None:
        backoff = Backoff(chance=lambda: 1.0)
        for _ in range(5):
            backoff.next()

        backoff.reset()

        assert backoff.next() == BASE

    def test_survives_months_without_a_network(self) -> None:
        backoff = Backoff(chance=lambda: 1.0)

        assert max(backoff.next() for _ in range(5_000)) == CAP
