"""`python -m bench send | sockets | crash | bytes | link | notices | screening`: measure, print a table, and with --json one object on the last line."""

import argparse
import random
import signal
import sys
from pathlib import Path

from bench import crash, screening, send, sockets
from bench.bytes import measuring as weighing
from bench.link import measuring as linking
from bench.notices import measuring as noticing
from bench.report import Report


def main(arguments: list[str]) -> int:
    """Run one instrument; 1 when a figure is over its budget."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # so that the servers it started end too
    chosen = _parser().parse_args(arguments)
    report: Report = chosen.run(chosen)
    report.show(with_json=chosen.json)
    return 0 if report.is_within_budget else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    instruments = parser.add_subparsers(required=True, metavar="INSTRUMENT")
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--json", action="store_true", help="one JSON object on the last line")
    every.add_argument("--server", choices=["daphne", "uvicorn"], default="daphne")
    every.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")

    sending = instruments.add_parser("send", parents=[every], help="cost and latency of a message, beside the plain consumer")
    sending.add_argument("--pairs", type=int, default=50)
    sending.add_argument("--seconds", type=float, default=6, help="length of each measured phase")
    sending.add_argument("--rounds", type=int, default=3, help="how often each phase is measured")
    sending.set_defaults(
        run=lambda it: send.measure(server=it.server, database=it.database, pairs=it.pairs, seconds=it.seconds, rounds=it.rounds)
    )

    opening = instruments.add_parser("sockets", parents=[every], help="memory of an open socket, connects a second, return after a crash")
    opening.add_argument("--count", type=int, default=5000)
    opening.set_defaults(run=lambda it: sockets.measure(server=it.server, database=it.database, count=it.count))

    killing = instruments.add_parser("crash", parents=[every], help="kill -9 under load, then compare what was acked with the log")
    killing.add_argument("--kills", type=int, default=50)
    killing.add_argument("--seed", type=int, default=None, help="the same random moments again")
    killing.set_defaults(
        run=lambda it: crash.measure(server=it.server, database=it.database, kills=it.kills, chance=random.Random(it.seed))
    )

    weighed = instruments.add_parser("bytes", parents=[every], help="what a message, a visit, an hour, the app and a month cost")
    weighed.add_argument(
        "--phrases", type=Path, help="lines of a language, a tab and a text; without it, those no dictionary was built from"
    )
    weighed.set_defaults(run=lambda it: weighing.measure(server=it.server, database=it.database, phrases=it.phrases))

    linked = instruments.add_parser("link", parents=[every], help="seconds and bytes at IP level on a bad network; needs root")
    linked.add_argument("--profile", choices=linking.PROFILES, default="2g")
    linked.add_argument("--minutes", type=float, default=4, help="length of the whole run with --profile bad")
    linked.add_argument("--seed", type=int, default=1, help="the same packets are lost again")
    linked.set_defaults(run=lambda it: linking.measure(profile=it.profile, server=it.server, minutes=it.minutes, seed=it.seed))

    noticed = instruments.add_parser(
        "notices", parents=[every], help="how fast notices go, how late, and none lost or twice, with kills too"
    )
    noticed.add_argument("--count", type=int, default=5000)
    noticed.add_argument("--seed", type=int, default=None, help="the same moments to kill again")
    noticed.add_argument("--only", nargs="*", default=[], choices=[one.name for one in noticing.SETTINGS], help="not all eight settings")
    noticed.set_defaults(run=lambda it: noticing.measure(count=it.count, seed=it.seed, only=it.only))

    screened = instruments.add_parser("screening", help="µs a message, precision and recall on labelled phrases")
    screened.add_argument("--json", action="store_true", help="one JSON object on the last line")
    screened.add_argument("--labelled", type=Path, default=screening.LABELLED, help="a folder of dev_nl.tsv, held_nl.tsv …")
    screened.add_argument("--phrases", type=Path, default=screening.EVERYDAY, help="a folder of lines of a language, a tab and a text")
    screened.set_defaults(run=lambda it: screening.measure(labelled=it.labelled, phrases=it.phrases))
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
