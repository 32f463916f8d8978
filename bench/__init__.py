"""Instruments: each measures one promise on this machine and prints its figures beside their budgets."""
