"""Put modules that are wanted together into one file: each keeps its own scope, what they import is said once, and they pack better.

A file of its own costs a request, and forgets what the one beside it said: 20 modules apart weigh a fifth more than in a few files.
As in `joining`, no tool and no build. What is served plainly, under DEBUG, is the modules as they are written.
"""

import re
from collections import Counter

from web.javascript import NotOurStyle
from web.joining import EXPORT, EXPORTED, IMPORT

Bundles = dict[str, tuple[str, ...]]  # by the name of the file: its modules, those that others of it import first
_LOADED = re.compile(r"import\('\./(\w+)\.js'\)")
_LOADED_BY_NAME = re.compile(r"import\(`\./\$\{(\w+)\}\.js`\)")
_NAMED = re.compile(r"'(\w+)\.js'(?!\))")


def bundled(files: dict[str, str], bundles: Bundles) -> dict[str, str]:
    """The files with the modules of each bundle in one, and everywhere `import('./one.js')` asking for that.

    There a module is called by its name and `_`, because a module may declare its own name itself.

    :raises NotOurStyle:
    """
    home = {f"{module}.js": name for name, modules in bundles.items() for module in modules}
    made = {f"{name}.js": _bundle(name, modules, files, home) for name, modules in bundles.items()}
    rest = {name: text for name, text in files.items() if name not in home}
    return {name: _asking(text, home) if name.endswith(".js") else text for name, text in (rest | made).items()}


def _bundle(name: str, modules: tuple[str, ...], files: dict[str, str], home: dict[str, str]) -> str:
    imported: dict[str, str] = {}  # from which module a name comes
    bodies = []
    for module in modules:
        text, inside = files[f"{module}.js"], []
        for items, source in IMPORT.findall(text):
            if home.get(source) == name:
                inside.append(f"const {{{items}}} = {source[:-3]}_;")
                continue
            for item in map(str.strip, items.split(",")):
                if imported.setdefault(item, source) != source:
                    raise NotOurStyle(f"{name}: {item} comes from two modules")
        shown = ", ".join(EXPORTED.findall(text))
        body = EXPORT.sub("", IMPORT.sub("", text)).strip()
        bodies.append("\n".join([f"export const {module}_ = (() => {{", *inside, body, f"return {{{shown}}};", "})();"]))
    sources: dict[str, list[str]] = {}
    for item, source in imported.items():
        sources.setdefault(source, []).append(item)
    heads = [f"import {{{', '.join(items)}}} from './{source}';" for source, items in sources.items()]
    return "\n".join([*heads, *bodies, ""])


def _asking(text: str, home: dict[str, str]) -> str:
    """With each bundled module asked for where it is; one whose name is only known later is in the largest, unless it is told."""
    usual = Counter(home.values()).most_common(1)[0][0] if home else ""
    others = ", ".join(f"{module[:-3]}: '{name}'" for module, name in home.items() if name != usual)

    def named(found: re.Match[str]) -> str:
        wanted = found[1]
        return f"import('./' + ({{{others}}}[{wanted}] || '{usual}') + '.js').then(all => all[{wanted} + '_'])"

    def known(found: re.Match[str]) -> str:
        name = home.get(f"{found[1]}.js")
        return f"import('./{name}.js').then(all => all.{found[1]}_)" if name else found[0]

    said = _LOADED.sub(known, _LOADED_BY_NAME.sub(named, text) if home else text)
    said = _NAMED.sub(lambda found: f"'{home.get(found[1] + '.js', found[1])}.js'", said)
    return re.sub(r"('\w+\.js')(?:, \1)+", r"\1", said)
