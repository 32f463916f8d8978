"""What is done with items. Who may is for the app above to say; it holds the lock of the conversation."""
