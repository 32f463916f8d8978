"""What meetings do when facts of the apps below arrive."""
