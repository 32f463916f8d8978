"""The one parser of REST bodies."""

from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core import strict_json


class StrictJSONParser(BaseParser):
    """JSON without ambiguities; everything else is code `malformed`."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return strict_json.loads(stream.read())
        except strict_json.NotJSON:
            raise ParseError from None
