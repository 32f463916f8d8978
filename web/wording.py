"""Short names for the words on the screen: `words.nobody_there` costs bytes in every file that says it and in every language.

In `web/page/words/` a bare key is one that the code says as `words.key`; it may be called otherwise. A quoted one is found by name,
such as by the code of an error, and stays. A bare key that nobody says is refused: it is found by name after all, or forgotten.
"""

import re
from itertools import product

from web.javascript import NotOurStyle

_LETTERS = "eatsrnoidlcuhmpfgywbvkxjqz"
_SAID = re.compile(r"\bwords\.(\w+)")
_BARE = re.compile(r"^(\w+): ", re.MULTILINE)
_QUOTED = re.compile(r"^'(\w+)': ", re.MULTILINE)
_TEXT = re.compile(r"'([a-z]{1,2})'")
_FOLDER = "words/"


def worded(files: dict[str, str]) -> dict[str, str]:
    """The files with every bare word called by a short name, the same in all of them.

    :raises NotOurStyle:
    """
    lists = {name: text for name, text in files.items() if name.startswith(_FOLDER)}
    code = {name: text for name, text in files.items() if name.endswith(".js") and name not in lists}
    bare = dict.fromkeys(key for text in lists.values() for key in _BARE.findall(text))
    kept = {key for text in lists.values() for key in _QUOTED.findall(text)}
    said = {key for text in code.values() for key in _SAID.findall(text)}
    if wrong := sorted((bare.keys() - said) | (bare.keys() & kept)):
        raise NotOurStyle(f"words that nobody says, or that are bare here and quoted there: {', '.join(wrong)}")
    taken = (
        {text for each in code.values() for text in _TEXT.findall(each)} | said | kept | bare.keys()
    )  # 'on' may be looked up: words[link]
    free = (short for size in (1, 2) for short in map("".join, product(_LETTERS, repeat=size)) if short not in taken)
    called = dict(zip(bare, free, strict=False))
    changed = {name: _BARE.sub(lambda key: f"{called[key[1]]}: ", text) for name, text in lists.items()}
    changed |= {name: _SAID.sub(lambda key: f"words.{called.get(key[1], key[1])}", text) for name, text in code.items()}
    return files | changed
