"""What is read of meetings; nothing here writes."""
