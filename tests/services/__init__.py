"""Real servers on loopback for tests and benches: each starts on a free port and is ended by its own id."""
