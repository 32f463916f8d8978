"""Where foreign bytes are decoded: a short-lived process of its own, `python -m media.workshop`, that knows nothing of the rest.

It reads an upload from its input, writes one result to its output and ends. A bomb or a bug in a decoder takes this
process, never the server; it holds no key, no socket, no database and, once it starts to decode, cannot open any.
"""
