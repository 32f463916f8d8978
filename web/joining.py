"""Make one file of the modules that every visit needs, as they stand: imports of each other fall away, the rest shares one scope.

No tool and no build: it is done when the server reads the files. The modules keep to the few forms of `import` and `export` named here.
"""

import hashlib
import re

from web.javascript import text_of, tokens_of
from web.shortening import declared, shorten

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./(\w+\.js)';\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class)\b)", re.MULTILINE)


class NamesClash(Exception):
    """Two modules that share one scope declare the same name."""


def together(files: dict[str, str], names: tuple[str, ...], *, is_short: bool) -> dict[str, str]:
    """The files with `names` joined, in that order, into the last of them; what the others import from any of these comes from there.

    The others and the joined one share a name that only this edition has: a file of another edition does not load, rather than take
    one thing for another.

    :raises NamesClash:
    """
    own = {name: _EXPORT.sub("", _IMPORT.sub("", files[name])) for name in names}
    _ensure_apart(own)
    body = "\n".join(own.values())
    edition = "_" + hashlib.sha256(body.encode()).hexdigest()[:5]
    short, called = shorten(body) if is_short else (body, {})
    apart, wanted = {}, set()
    for name in files.keys() - own.keys():
        found = [item.strip() for items, source in _IMPORT.findall(files[name]) if source in own for item in items.split(",")]
        apart[name] = files[name]
        if found and name.endswith(".js"):
            wanted |= {*found}
            said = ", ".join([edition, *(f"{called[item]} as {item}" if item in called else item for item in sorted({*found}))])
            rest = _IMPORT.sub(lambda line: "" if line[2] in own else line[0], files[name])
            apart[name] = f"import {{{said}}} from './{names[-1]}';\n{rest}"
        if is_short and name.endswith(".js"):
            apart[name] = text_of(tokens_of(apart[name]))
    exports = ",".join(sorted({called.get(name, name) for name in wanted}))
    return apart | {names[-1]: f"{short}\nlet {edition};export{{{edition},{exports}}};"}


def _ensure_apart(own: dict[str, str]) -> None:
    declared_in: dict[str, str] = {}
    for file, text in own.items():
        for name in sorted(declared(text)):
            if name in declared_in:
                raise NamesClash(f"{declared_in[name]} and {file} both declare {name!r}; they share one scope.")
            declared_in[name] = file
