import asyncio
import signal
from pathlib import Path
from uuid import UUID

import pytest

from phone import enrolment
from phone.enrolment import NotLetIn
from phone.happenings import Refused
from phone.kept import Kept
from tests.phone.conftest import House, Pair
from tests.phone.handset import Handset
from tests.services.maatje import Maatje


class TestTalking:
    async def test_two_phones_talk_and_see_how_far_everything_got(self, pair: Pair) -> None:
        pair.fatima.write("Dag Annemie")
        await pair.annemie.gets("Dag Annemie")
        pair.annemie.write("Dag Fatima 😊")
        await pair.fatima.gets("Dag Annemie", "Dag Fatima 😊")
        await pair.annemie.delivers()

        pair.annemie.client.see(pair.annemie.here)

        seen = pair.fatima.kept.conversation(pair.fatima.here)
        await pair.fatima.until(lambda: seen.others[0].read_seq == seen.log.cursor)

    async def test_an_edit_and_a_retraction_reach_the_other_and_its_file(self, pair: Pair, tmp_path: Path) -> None:
        pair.fatima.write("Om twee ure")
        pair.fatima.write("geheim van Fatima")
        await pair.annemie.gets("Om twee ure", "geheim van Fatima")

        second = pair.fatima.kept.last_own(pair.fatima.here)
        assert second is not None
        pair.fatima.client.edit(pair.fatima.here, second.seq - 1, "Om twee uur")
        pair.fatima.client.retract(pair.fatima.here, second.seq)
        await pair.annemie.gets("Om twee uur", None)
        await pair.fatima.delivers()

        await pair.annemie.switch_off()
        assert b"geheim" not in pair.annemie.store.path.read_bytes()
        assert b"Om twee uur" in pair.annemie.store.path.read_bytes()

    async def test_many_drafts_arrive_in_the_order_they_were_written(self, pair: Pair) -> None:
        said = [f"bericht {number}" for number in range(40)]

        for body in said:
            pair.fatima.write(body)

        await pair.annemie.gets(*said)

    async def test_a_refused_draft_keeps_its_words(self, pair: Pair) -> None:
        nowhere = UUID("019ab0c4-7a10-7c3e-9d51-0b6f3a2e8c01")

        pair.fatima.client.write(nowhere, "hallo?")

        await pair.fatima.until(lambda: any(isinstance(happening, Refused) for happening in pair.fatima.happened))
        assert [(draft.body, draft.refused) for draft in pair.fatima.kept.outbox.drafts] == [("hallo?", "conversation_not_found")]

    async def test_a_second_phone_starts_with_the_newest_and_gets_older_pages_when_asked(self, pair: Pair, tmp_path: Path) -> None:
        said = [f"pagina {number}" for number in range(50)]
        for body in said:
            pair.fatima.write(body)
        await pair.fatima.delivers()
        kept = pair.annemie.kept
        await pair.annemie.switch_off()

        fresh = Handset(tmp_path / "second.json", Kept(server=kept.server, token=kept.token, person=kept.person)).switch_on()
        await fresh.connects()
        await fresh.gets("pagina 49")
        assert len(fresh.bodies) == 20
        log = fresh.kept.conversation(fresh.here).log
        fresh.client.older(fresh.here)
        await fresh.until(lambda: len(log.entries) == 40)
        fresh.client.older(fresh.here)
        await fresh.until(lambda: len(log.entries) == 60)
        await fresh.switch_off()

        assert fresh.bodies[-50:] == said


class TestKeeping:
    async def test_what_it_acked_is_on_disk_whatever_happens_next(self, pair: Pair) -> None:
        pair.fatima.write("bewaar dit")
        await pair.annemie.gets("bewaar dit")

        await pair.fatima.delivers()

        assert b"bewaar dit" in pair.annemie.store.path.read_bytes()

    async def test_what_is_written_is_on_disk_before_it_is_sent(self, pair: Pair) -> None:
        pair.fatima.write("en dit ook")

        assert b"en dit ook" in pair.fatima.store.path.read_bytes()
        await pair.annemie.gets("en dit ook")


class TestComingBack:
    async def test_a_phone_without_network_says_everything_when_it_is_back(self, pair: Pair) -> None:
        pair.fatima.client.go_away()
        await pair.fatima.loses()
        pair.fatima.write("ik zit in de tram")
        pair.fatima.write("nu ben ik er")
        pair.annemie.write("waar ben je?")
        await pair.annemie.gets("waar ben je?")

        pair.fatima.client.come_back()

        await pair.annemie.gets("waar ben je?", "ik zit in de tram", "nu ben ik er")
        await pair.fatima.gets("waar ben je?", "ik zit in de tram", "nu ben ik er")

    async def test_nothing_is_lost_when_the_server_is_killed(self, pair: Pair, server: Maatje) -> None:
        pair.fatima.write("voor")
        await pair.annemie.gets("voor")

        server.kill()
        await pair.fatima.loses()
        pair.fatima.write("tijdens")
        server.start()
        pair.annemie.client.try_now()
        await pair.annemie.gets("voor", "tijdens")
        pair.annemie.write("na")

        await pair.fatima.gets("voor", "tijdens", "na")

    async def test_a_draft_without_an_answer_is_said_once(self, pair: Pair, server: Maatje) -> None:
        server.process.send(signal.SIGSTOP)
        pair.fatima.write("ben ik er dubbel?")
        await asyncio.sleep(0.3)  # it is on its way, and nobody answers
        await pair.fatima.switch_off()
        server.process.send(signal.SIGCONT)

        pair.fatima.switch_on()
        await pair.fatima.connects()
        await pair.fatima.delivers()

        assert pair.fatima.bodies.count("ben ik er dubbel?") == 1
        assert pair.annemie.bodies.count("ben ik er dubbel?") == 1

    async def test_waits_as_long_as_a_server_that_restarts_asks(self, pair: Pair, server: Maatje) -> None:
        server.process.send(signal.SIGTERM)

        lost = await pair.fatima.loses()

        assert lost.code == 4001
        server.process.popen.wait(30)
        server.start()
        pair.fatima.client.try_now()
        await pair.fatima.connects()


class TestBeingRefused:
    async def test_stops_for_good_when_signed_out(self, house: House) -> None:
        sofie = house.handset("Sofie").switch_on()
        await sofie.connects()

        enrolment.sign_out(sofie.kept)

        assert await sofie.ends() == 4500
        assert not enrolment.is_let_in(sofie.kept)

    def test_a_code_works_once(self, house: House) -> None:
        code = house.codes["Dirk"]
        enrolment.enrol(house.server.url, code.lower(), label="eerste")

        with pytest.raises(NotLetIn) as refused:
            enrolment.enrol(house.server.url, code, label="tweede")

        assert refused.value.code == "invite_invalid"

    def test_says_so_when_nobody_answers(self) -> None:
        with pytest.raises(NotLetIn) as refused:
            enrolment.enrol("http://127.0.0.1:9", "7KQ4MXW2PD", label="")

        assert refused.value.code == "no_answer"
