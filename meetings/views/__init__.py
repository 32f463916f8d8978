"""The same acts over plain HTTP, and calendars."""
