"""Make one file of the modules that every visit needs, as they stand: imports of each other fall away, the rest shares one scope.

No tool and no build: it is done when the server reads the files. The modules keep to the few forms of `import` and `export` named here.
"""

import hashlib
import re

from web.javascript import NotOurStyle
from web.shortening import declared, shorten

IMPORT = re.compile(r"^import \{([^}]*)\} from '\./(\w+\.js)';\n?", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:const|let|function|async function) (\w+)", re.MULTILINE)  # one name each, in modules that are not joined
EXPORT = re.compile(r"^export (?=(?:const|let|function|async function)\b)", re.MULTILINE)
_OTHER_FORMS = re.compile(r"^(?:import\b(?!\()|export\b(?! default )).*", re.MULTILINE)


class NamesClash(Exception):
    """Two modules that share one scope declare the same name."""


def together(files: dict[str, str], names: tuple[str, ...], *, is_short: bool) -> dict[str, str]:
    """The files with `names` joined, in that order, into the last of them; what the others import from any of these comes from there.

    The others and the joined one share a name that only this edition has: a file of another edition does not load, rather than take
    one thing for another.

    :raises NamesClash:
    :raises NotOurStyle:
    """
    _ensure_known_forms(files, names)
    own = {name: EXPORT.sub("", IMPORT.sub("", files[name])) for name in names}
    _ensure_apart(own)
    body = "\n".join(own.values())
    edition = "_" + hashlib.sha256(body.encode()).hexdigest()[:5]
    short, called = _short("the joined modules", body, {}) if is_short else (body, {})
    apart, wanted = {}, set()
    for name in files.keys() - own.keys():
        apart[name] = files[name]
        if not name.endswith(".js"):
            continue
        imports = [([item.strip() for item in items.split(",")], source) for items, source in IMPORT.findall(files[name])]
        found = sorted({item for items, source in imports if source in own for item in items})
        wanted |= {*found}
        if is_short:
            said = [({edition: edition} | {item: called[item] for item in found}, names[-1])] if found else []
            said += [({item: item for item in items}, source) for items, source in imports if source not in own]
            apart[name] = _alone(name, files[name], said)
        elif found:
            rest_of_it = IMPORT.sub(lambda line: "" if line[2] in own else line[0], files[name])
            apart[name] = f"import {{{', '.join([edition, *found])}}} from './{names[-1]}';\n{rest_of_it}"
    exports = ",".join(sorted({called.get(name, name) for name in wanted}))
    return apart | {names[-1]: f"{short}\nlet {edition};export{{{edition},{exports}}};"}


def _alone(name: str, text: str, imports: list[tuple[dict[str, str], str]]) -> str:
    """A module that is not joined, in short: what it imports bears the name that is given here, and it is called as before itself."""
    said = "".join(f"import{{{','.join(items.values())}}}from'./{source}';" for items, source in imports)
    body, own = _short(name, EXPORT.sub("", IMPORT.sub("", text)), {item: short for items, _ in imports for item, short in items.items()})
    names = ",".join(own[item] if own[item] == item else f"{own[item]} as {item}" for item in EXPORTED.findall(text))
    return said + body + (f"\nexport{{{names}}};" if names else "")


def _short(name: str, text: str, imported: dict[str, str]) -> tuple[str, dict[str, str]]:
    try:
        return shorten(text, imported)
    except NotOurStyle as problem:
        raise NotOurStyle(f"{name}: {problem}") from None


def _ensure_known_forms(files: dict[str, str], joined: tuple[str, ...]) -> None:
    """That every import and export is one of those that are rewritten here, and that what is imported from a module alone is there."""
    for name, text in files.items():
        other = _OTHER_FORMS.search(EXPORT.sub("", IMPORT.sub("", text))) if name.endswith(".js") else None
        missing = [
            f"{item} of {source}"
            for items, source in IMPORT.findall(text)
            for item in map(str.strip, items.split(","))
            if " " in item or (source not in joined and source in files and item not in EXPORTED.findall(files[source]))
        ]
        if other or missing:
            raise NotOurStyle(f"{name}: {other[0] if other else missing}")


def _ensure_apart(own: dict[str, str]) -> None:
    declared_in: dict[str, str] = {}
    for file, text in own.items():
        for name in sorted(declared(text)):
            if name in declared_in:
                raise NamesClash(f"{declared_in[name]} and {file} both declare {name!r}; they share one scope.")
            declared_in[name] = file
