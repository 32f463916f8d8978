"""Make one file of the modules that every visit needs, as they stand: imports of each other fall away, the rest shares one scope.

No tool and no build: it is done when the server reads the files. The modules keep to the few forms of `import` and `export` named here.
"""

import re

from web.javascript import text_of, tokens_of
from web.shortening import declared, shorten

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./(\w+\.js)';\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class)\b)", re.MULTILINE)


class NamesClash(Exception):
    """Two modules that share one scope declare the same name."""


def together(files: dict[str, str], names: tuple[str, ...], *, is_short: bool) -> dict[str, str]:
    """The files with `names` joined, in that order, into the last of them; what the others import from any of these comes from there.

    :raises NamesClash:
    """
    apart = {name: text for name, text in files.items() if name not in names}
    wanted: set[str] = set()
    for name, text in apart.items():
        if name.endswith(".js"):
            wanted |= {item.strip() for items, source in _IMPORT.findall(text) if source in names for item in items.split(",")}
            pointed = _IMPORT.sub(lambda found: _pointed(found, names), text)
            apart[name] = text_of(tokens_of(pointed)) if is_short else pointed
    own = {name: _EXPORT.sub("", _IMPORT.sub("", files[name])) for name in names}
    _ensure_apart(own)
    body, exports = "\n".join(own.values()), frozenset(wanted - {""})
    joined = shorten(body, exports) if is_short else f"{body}\nexport {{{', '.join(sorted(exports))}}};"
    return apart | {names[-1]: joined}


def _ensure_apart(own: dict[str, str]) -> None:
    declared_in: dict[str, str] = {}
    for file, text in own.items():
        for name in sorted(declared(text)):
            if name in declared_in:
                raise NamesClash(f"{declared_in[name]} and {file} both declare {name!r}; they share one scope.")
            declared_in[name] = file


def _pointed(found: re.Match[str], names: tuple[str, ...]) -> str:
    return found[0].replace(found[2], names[-1]) if found[2] in names else found[0]
