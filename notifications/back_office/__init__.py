"""What an organisation sees of notices: whose phones they do not reach, and what to do about it."""
