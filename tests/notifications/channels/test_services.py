from uuid import UUID, uuid4

from notifications.channels.services import LATELY, Service, Services
from notifications.sending import Fate, Gone, Letter, Retry, Sent

REFUSED = Retry("http_403", alarms=True)


def letter(address: str = "one") -> Letter:
    return Letter(uuid4(), "webpush", address, "", "nl", topic="", ttl=60, whose=uuid4())


def judged(service: Service, at: float, **fates: Fate) -> list[Fate]:
    letters = {address: letter(address) for address in fates}
    answers = {letters[address].id: fate for address, fate in fates.items()}
    return list(service.judged(list(letters.values()), answers, at=at).values())


class TestService:
    def test_blames_no_address_for_what_was_taken_before_it_was_last_refused(self) -> None:
        service = Service()
        judged(service, 0, other=Sent())

        fates = [judged(service, at, one=REFUSED) for at in range(1, 9)]

        assert Gone("vapid_mismatch") not in [fate for [fate] in fates]

    def test_forgets_an_address_that_is_refused_while_others_are_taken_each_time(self) -> None:
        service = Service()
        fates = []
        for at in range(0, 6, 2):
            judged(service, at, other=Sent())
            fates += judged(service, at + 1, one=REFUSED)

        assert fates == [Retry("http_403"), Retry("http_403"), Gone("vapid_mismatch")]

    def test_begins_anew_with_an_address_that_was_taken(self) -> None:
        service = Service()
        for at in range(10):
            judged(service, 2 * at, other=Sent())
            fate = Sent() if at % 2 else REFUSED
            assert judged(service, 2 * at + 1, one=fate) != [Gone("vapid_mismatch")]

    def test_calls_for_an_operator_when_nobody_was_taken_for_long(self) -> None:
        service = Service()
        judged(service, 0, other=Sent())

        assert judged(service, LATELY, one=REFUSED) == [Retry("http_403")]
        assert judged(service, LATELY + 1, one=REFUSED) == [REFUSED]

    def test_is_tried_after_its_rest_with_one_letter_to_an_address_that_it_never_refused(self) -> None:
        service = Service()
        judged(service, 0, one=REFUSED, two=REFUSED, three=REFUSED)
        waiting = [letter(address) for address in ("one", "two", "four", "five")]

        assert service.free(waiting, at=59) == []
        assert service.free(waiting, at=60) == [waiting[2]]

        judged(service, 61, four=Sent())
        assert service.free(waiting, at=61) == waiting

    def test_what_may_not_go_says_when_it_may_and_why(self) -> None:
        service = Service()
        judged(service, 0, one=REFUSED, two=REFUSED, three=REFUSED)
        nothing: dict[UUID, Fate] = {}

        [fate] = service.judged([letter()], nothing, at=10).values()

        assert fate == Retry("http_403", 50.0, alarms=True)


def test_however_many_services_are_invented_few_are_remembered() -> None:
    services = Services()
    for number in range(5000):
        services.of(f"https://{number}.notify.windows.com")

    assert len(services._known) <= 1000
