"""What those who answer for a circle see of its meetings: when, and what its members said of it. Not where, nor what about."""
