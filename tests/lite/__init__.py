"""A phone that speaks `maatje.v1.lite`, written from the page that describes the wire and nothing else: the second implementation."""
