"""What the screening sees in a message: pure, quick, and only ever a reason for a person to look.

`Engine` looks at a text with compiled lists; `detectors` find what has a shape instead of words (numbers, accounts, links).
"""
