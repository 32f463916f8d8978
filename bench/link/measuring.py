"""Run the phones at one end of an emulated link and the product at the other; judge seconds, bytes, and what arrived."""

import json
import subprocess
import sys
from statistics import median
from typing import Any

import msgspec

from bench.bytes.phrases import read_phrases
from bench.houses import Server
from bench.link.far import Far
from bench.link.namespaces import why_not
from bench.link.weather import PROFILES
from bench.progress import Steps, progress
from bench.report import Figure, Report
from bench.verdict import Memory, judge
from chat.lite import dictionaries
from tests.services.maatje import ROOT

__all__ = ["PROFILES", "measure"]

LANGUAGE = "nl"
STEPS = 28
STARTING = 8.0  # seconds that servers, people and the verdict take of `--minutes`


def measure(*, profile: str, server: Server, minutes: float, seed: int) -> Report:
    if reason := why_not():
        return _skipped(profile, reason)
    is_bad = profile == "bad"
    seconds = max(90.0, 60 * minutes - STARTING)
    with progress(round(seconds) if is_bad else STEPS) as steps:
        steps.now("starting both ends")
        with Far(profile, server=server, seed=seed) as far:
            found = _run_phones(far, profile, seconds=seconds, steps=steps)
            return _judged(found, far, server=server, seed=seed) if is_bad else _timed(found, profile, server=server, seed=seed)


def _skipped(profile: str, reason: str) -> Report:
    return Report(
        f"bench link --profile {profile}: SKIPPED, nothing was measured",
        [],
        notes=[f"Skipped: {reason}."],
        facts={"bench": "link", "profile": profile, "skipped": reason},
    )


def _run_phones(far: Far, profile: str, *, seconds: float, steps: Steps) -> dict[str, Any]:
    newest = dictionaries.newest(LANGUAGE)
    task = {
        "pair": far.seat().to_json(), "folder": str(far.folder), "book": newest.name, "book_file": str(dictionaries.FOLDER / f"{newest.name}.bin"),
        "book_url": newest.url, "language": LANGUAGE, "phrases": read_phrases(None)[LANGUAGE], "seconds": seconds,
    }  # fmt: skip
    command = far.link.at("phones", sys.executable, "-m", "bench.link.phones", profile)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as phones:
        assert phones.stdin is not None and phones.stdout is not None  # piped
        phones.stdin.write(json.dumps(task) + "\n")
        phones.stdin.flush()
        try:
            for line in phones.stdout:
                said: dict[str, Any] = json.loads(line)
                if "found" in said:
                    found: dict[str, Any] = said["found"]
                    return found
                steps.now(said["step"], done=round(said["at"]) if "at" in said else steps.done + 1)
        finally:
            phones.kill()
    raise SystemExit(f"The phones ended early. The server's last words:\n{far.maatje.process.said()[-2000:]}")


def _timed(found: dict[str, Any], profile: str, *, server: str, seed: int) -> Report:
    weather = PROFILES[profile]
    rate, trip = 8 * weather.rate / 1000, 2000 * weather.delay
    return Report(
        f"bench link --profile {profile}: {rate:,.0f} kbit/s, {trip:.0f} ms round trip, {weather.loss:.0%} loss; {server} on sqlite behind TLS 1.3",
        [
            Figure.of("send_to_ack_p50_s", found["send_to_ack"], "s", most=1.5),
            Figure.of("cold_resume_s", found["cold_resume"], "s", most=6),
            Figure.of("warm_resume_s", found["warm_resume"], "s"),
            Figure.of("first_load_s", found["first_load"], "s"),
            Figure.of("first_shown_s", found["first_shown"], "s"),
            Figure.of("wire_bytes_per_message", found["message_wire"], "B"),
            Figure.of("wire_bytes_per_ack", found["ack_wire"], "B"),
            Figure.of("wire_bytes_per_send", found["sent_wire"], "B"),
            Figure.of("wire_bytes_per_resume", found["warm_wire"], "B"),
            Figure.of("wire_bytes_per_cold_resume", found["cold_wire"], "B"),
            Figure.of("wire_bytes_per_close", found["close_wire"], "B"),
            Figure.of("wire_bytes_per_drop", found["drop_wire"], "B"),
            Figure.of("wire_bytes_per_heartbeat", found["ping_wire"], "B"),
            Figure.of("wire_bytes_per_first_load", found["first_load_wire"], "B"),
        ],
        notes=[
            "all bytes are counted at IP level, both ways, with every receipt of TCP and whatever was lost and sent again; medians",
            "both people are in low-data mode: events wait up to 2 s for each other, marks ride with something else",
            "message: what a phone pays to be given one; send: what a phone pays to send one and hear `sent`; ack: one alone, when nothing else is said for 30 s",
            "close: the page hangs up; drop: the phone ends the page without a word",
            f"resume: from connecting to the first message, with nothing new ({median(found['warm_payload']):g} B of payload); with a ticket of TLS, cold without",
            "the TLS end holds an ECDSA certificate and the intermediate that signed it; it hands out one ticket; sockets use cubic",
            "first load: one connection, in three waves: the shell; what it names; service worker, words and dictionary",
        ],
        facts={"bench": "link", "profile": profile, "server": server, "seed": seed},
    )


def _judged(found: dict[str, Any], far: Far, *, server: str, seed: int) -> Report:
    memories = msgspec.convert(found["memories"], list[Memory])
    verdict = judge(memories, far.log())
    up, down = (sum(count[at] for count in found["counts"]) for at in (0, 3))
    lost = sum(count[2] + count[5] for count in found["counts"])
    return Report(
        f"bench link --profile bad: 10 % loss, and 30 s of nothing after each minute; {server} on sqlite behind TLS 1.3",
        [
            Figure("sent", verdict.acked),
            Figure("lost", verdict.lost, most=0),
            Figure("twice", verdict.duplicated, most=0),
            Figure("out_of_order", verdict.out_of_order, most=0),
            Figure("holes", verdict.holes, most=0),
            Figure("repeated", verdict.repeated),
            Figure("sent_again", found["tries"] - verdict.acked),
            Figure("connects", found["connects"]),
            Figure("packets_lost", lost),
            Figure("send_to_ack_p50_s", median(found["waits"]) if found["waits"] else 0, "s"),
            Figure("wire_bytes_per_message", (up + down) / max(1, verdict.acked), "B"),
        ],
        notes=[
            "two people write every few seconds, in the dark too, and send each draft until it is answered; then both lists are compared with the database's log",
            "lost: acked but not at that place in the log, or never answered; holes: missing in the log, or in somebody's list",
            "repeated: came again although the phone had it; bytes: all of both phones, reconnects included, over the messages sent",
        ],
        facts={"bench": "link", "profile": "bad", "server": server, "seed": seed},
    )
