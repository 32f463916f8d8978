"""Read an upload, write what became of it, end."""

import sys

from media.workshop import limits


def main() -> None:
    limits.take_little()
    from media.workshop.bench import result_of  # after the limits, which its libraries must fit in too

    data = sys.stdin.buffer.read()
    sys.stdout.buffer.write(result_of(data))


main()
