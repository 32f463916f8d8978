"""The same commands over plain HTTP."""
