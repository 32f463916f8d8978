"""What is read of items."""
