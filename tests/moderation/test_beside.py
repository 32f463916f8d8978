import subprocess
import sys

from tests.services.maatje import ROOT

ENDS_WHILE_IT_COMPILES = """
import threading
from ahocorasick_rs import AhoCorasick
from moderation.beside import compile_beside

words = [f"{a}w{b}" for a in range(600) for b in range(600)]  # a fifth of a second
begun = threading.Event()

def work():
    begun.set()
    AhoCorasick(words)
    print("compiled")

compile_beside(work)
begun.wait()
"""


class TestCompilingBeside:
    def test_lets_a_process_end_well_in_the_middle_of_it(self) -> None:
        ended = subprocess.run([sys.executable, "-c", ENDS_WHILE_IT_COMPILES], cwd=ROOT, capture_output=True, text=True, check=False)

        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "compiled\n", "")
