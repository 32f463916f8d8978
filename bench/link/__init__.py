"""`python -m bench link`: two phones on a bad network, and what that costs in seconds and in bytes at IP level."""
