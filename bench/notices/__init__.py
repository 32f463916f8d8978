"""How fast notices go, how late they are, and whether any is lost or comes twice: with one worker, with three, and with kills."""
