"""Make one file of the modules that every visit needs, as they stand: imports of each other fall away, the rest shares one scope.

No tool and no build: it is done when the server reads the files. The modules keep to the few forms of `import` and `export` named here.
"""

import re

from web.shortening import shorten

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./(\w+\.js)';\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class)\b)", re.MULTILINE)


def together(files: dict[str, str], names: tuple[str, ...], *, is_short: bool) -> dict[str, str]:
    """The files with `names` joined, in that order, into the last of them; what the others import from any of these comes from there."""
    target = names[-1]
    apart = {name: text for name, text in files.items() if name not in names}
    wanted: set[str] = set()
    for name, text in apart.items():
        if name.endswith(".js"):
            wanted |= {item.strip() for items, source in _IMPORT.findall(text) if source in names for item in items.split(",")}
            apart[name] = _IMPORT.sub(lambda found: _pointed(found, names), text)
    body = "\n".join(_EXPORT.sub("", _IMPORT.sub("", files[name])) for name in names if name in files)
    exports = frozenset(wanted - {""})
    joined = shorten(body, exports) if is_short else f"{body}\nexport {{{', '.join(sorted(exports))}}};"
    return apart | {target: joined}


def _pointed(found: re.Match[str], names: tuple[str, ...]) -> str:
    return found[0].replace(found[2], names[-1]) if found[2] in names else found[0]
