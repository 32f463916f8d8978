"""An emulated link as long as it is needed: start it, run programs at either end of it, read what passed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal, Self

from bench.link.counts import Counts
from tests.services.maatje import ROOT

Place = Literal["phones", "server"]


class Link:
    """The emulator's process. It ends with us, however we end, and the namespaces end with the last program in them."""

    def __init__(self, profile: str, folder: Path, *, seed: int = 1) -> None:
        self.counts_file = folder / "counts"
        self.counts = Counts(self.counts_file, is_new=True)
        command = [sys.executable, "-m", "bench.link.emulator", profile, str(seed), str(self.counts_file)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None  # piped
        said = self._process.stdout.readline()
        if not said:
            raise SystemExit("The link emulator did not start; what it said is above.")
        self._spaces: dict[str, str] = json.loads(said)

    def at(self, place: Place, *command: str) -> list[str]:
        """The command line that runs a program at that end; it is killed when the one who started it ends."""
        return ["setpriv", "--pdeathsig", "KILL", "nsenter", f"--net={self._spaces[place]}", *command]

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None  # piped
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.counts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
