"""Make the tables, seat the pairs and serve: `python -m bench.baseline PAIRS_FILE PORT daphne|uvicorn`."""

import json
import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.baseline.settings"

import django

django.setup()

from django.core.management import call_command

from bench.baseline.models import Member

pairs, port, server = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
call_command("migrate", run_syncdb=True, verbosity=0)
Member.objects.bulk_create(
    Member(conversation=pair["conversation"], person=seat["person"]) for pair in json.loads(pairs.read_text()) for seat in pair["seats"]
)
if server == "uvicorn":
    import uvicorn

    uvicorn.run("bench.baseline.asgi:application", host="127.0.0.1", port=int(port), log_level="warning")
else:
    from daphne.cli import CommandLineInterface

    CommandLineInterface().run(["-b", "127.0.0.1", "-p", port, "-v", "0", "bench.baseline.asgi:application"])
