"""A phone for the terminal, and the reference for authors of other clients: it does what docs/protocol.md asks, no more.

It knows the server by its wire alone and imports nothing of it.
"""
