from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.phone.handset import Handset
from tests.services.maatje import Maatje


@dataclass
class House:
    """A server and the phones of its demo people; what was said in earlier tests stays said."""

    server: Maatje
    folder: Path
    handsets: dict[str, Handset]

    @property
    def codes(self) -> dict[str, str]:
        """Those of the last start: each one makes fresh codes and ends the unused ones."""
        return self.server.codes()

    def handset(self, name: str) -> Handset:
        if name not in self.handsets:
            self.handsets[name] = Handset.enrolled(self.folder, server=self.server.url, code=self.codes[name])
        return self.handsets[name]


@pytest.fixture(scope="module")
def whole_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    server = Maatje(folder / "data")
    yield House(server, folder, {})
    server.kill()


@pytest.fixture
def house(whole_house: House) -> House:
    """The house with its server up, whatever the test before did to it."""
    if not whole_house.server.answers():
        whole_house.server.kill()
        whole_house.server.start()
    return whole_house


@pytest.fixture
def server(house: House) -> Maatje:
    return house.server


@dataclass
class Pair:
    fatima: Handset
    annemie: Handset


@pytest.fixture
async def pair(house: House) -> AsyncIterator[Pair]:
    """Fatima and Annemie, each with a phone that is on and connected."""
    both = Pair(house.handset("Fatima").switch_on(), house.handset("Annemie").switch_on())
    for handset in (both.fatima, both.annemie):
        await handset.connects()
    yield both
    for handset in (both.fatima, both.annemie):
        await handset.switch_off()
