import subprocess
import sys

from tests.services.maatje import ROOT

ENDS_WHILE_IT_COMPILES = """
import time
from ahocorasick_rs import AhoCorasick
from moderation.beside import compile_beside

words = [f"{a}w{b}" for a in range(400) for b in range(400)]
compile_beside(lambda: (AhoCorasick(words), print("compiled")))
time.sleep(0.05)
"""


class TestCompilingBeside:
    def test_lets_a_process_end_well_in_the_middle_of_it(self) -> None:
        ended = subprocess.run([sys.executable, "-c", ENDS_WHILE_IT_COMPILES], cwd=ROOT, capture_output=True, text=True, check=False)

        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "compiled\n", "")
