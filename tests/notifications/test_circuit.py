from uuid import uuid4

from notifications.channels.circuit import FIRST_REST, LONGEST_REST, SEVERAL, Circuit
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent
from notifications.worker import circuit as lanes

REFUSED = Retry("http_401", alarms=True)
PEOPLE = [uuid4() for _ in range(SEVERAL)]


def letters(*people: object, kind: str = "sms") -> list[Letter]:
    return [Letter(uuid4(), kind, str(uuid4()), "", "nl", topic="", ttl=60, whose=who) for who in people]  # type: ignore[arg-type]  # any kind serves


def hear(circuit: Circuit, *fates: Fate, at: float = 1000.0) -> float:
    """Fates of letters of several people; how long it rests."""
    circuit.heard(fates, at=at, letters=letters(*PEOPLE[: len(fates)]))
    return circuit.seconds_left(at=at)


class TestCircuit:
    def test_rests_a_minute_then_longer_and_is_well_with_the_first_letter_that_is_taken(self) -> None:
        circuit, at = Circuit(), 1000.0
        rests = []
        for _ in range(6):
            rests.append(hear(circuit, REFUSED, REFUSED, REFUSED, at=at))
            at += rests[-1]
        assert rests == [FIRST_REST, 120, 240, 480, LONGEST_REST, LONGEST_REST]
        assert not circuit.is_well and not circuit.seconds_left(at=at)

        hear(circuit, Retry("timeout"), Sent(), at=at)

        assert circuit.is_well

    def test_one_person_lets_nothing_rest_however_many_addresses_they_have(self) -> None:
        circuit = Circuit()
        for _ in range(20):
            circuit.heard([REFUSED] * 10, at=1.0, letters=letters(*[PEOPLE[0]] * 10))
            circuit.heard([Failed("http_400", alarms=True)], at=1.0, letters=letters(PEOPLE[0]))

        assert circuit.is_well

    def test_one_person_makes_no_rest_longer(self) -> None:
        circuit = Circuit()
        hear(circuit, REFUSED, REFUSED, REFUSED, at=0)
        for at in range(60, 70):
            circuit.heard([REFUSED], at=at, letters=letters(PEOPLE[0]))

        assert not circuit.seconds_left(at=70)

    def test_several_people_one_after_the_other_let_it_rest(self) -> None:
        circuit = Circuit()
        for person in PEOPLE:
            circuit.heard([Failed("http_400", alarms=True)], at=1.0, letters=letters(person))

        assert circuit.seconds_left(at=1.0) == FIRST_REST

    def test_what_is_taken_in_between_proves_that_it_is_well(self) -> None:
        circuit = Circuit()
        for person in PEOPLE * 3:
            circuit.heard([REFUSED], at=1.0, letters=letters(person))
            circuit.heard([Gone("http_410")], at=1.0, letters=letters(person))

        assert circuit.is_well

    def test_counts_batches_that_were_under_way_together_once(self) -> None:
        circuit = Circuit()

        assert [hear(circuit, REFUSED, REFUSED, REFUSED, at=1.0) for _ in range(4)] == [FIRST_REST] * 4

    def test_stays_closed_for_what_a_letter_or_an_address_is_to_blame_for(self) -> None:
        circuit = Circuit()

        assert hear(circuit, Retry("timeout"), Failed("too_long"), Retry("http_429", 9.0)) == 0
        assert circuit.is_well

    def test_of_a_lane_leaves_browsers_to_their_channel(self) -> None:
        circuit = lanes.Circuit()
        circuit.heard([REFUSED] * 3, at=1.0, letters=letters(*PEOPLE, kind="webpush"))
        well = circuit.is_well
        circuit.heard([REFUSED] * 3, at=1.0, letters=letters(*PEOPLE, kind="sms"))

        assert (well, circuit.is_well) == (True, False)
