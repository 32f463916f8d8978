#!/usr/bin/env python
"""Maatje's commands: `manage.py help` lists them."""

import gc
import os
import sys


def main() -> None:
    gc.disable()  # all that a start makes stays: `backend.starting` begins to look for rubbish when it is there
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    try:
        from live.loop import use_uvloop

        use_uvloop()
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Maatje's environment is not set up. Run ./script/setup first.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
