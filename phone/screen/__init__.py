"""The phone as a screen of 80 by 24 or more, with textual."""
