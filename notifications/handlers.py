"""What notifications do when facts of the apps below arrive."""
