"""The one parser of REST bodies."""

from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core import strict_json
from core.errors import BodyTooBig


class StrictJSONParser(BaseParser):
    """JSON without ambiguities; everything else is code `malformed`."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """:raises BodyTooBig: read no further than one byte past the limit, whatever length the client announced."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooBig(limit=limit)
        try:
            return strict_json.loads(body)
        except strict_json.NotJSON:
            raise ParseError from None
