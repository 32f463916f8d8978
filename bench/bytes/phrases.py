"""What the people of `bench bytes` say to each other: files with `language<TAB>text` a line."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

LANGUAGES = ("nl", "fr", "en", "tr", "ar")
HELD_OUT = Path(__file__).parent.parent / "phrases"  # no dictionary was built from these
MOST_BODY = 2_000  # code points (docs/protocol.md, Limits)

Phrases = dict[str, list[str]]


def read_phrases(path: Path | None) -> Phrases:
    """The texts of a file by language, or of all held-out files.

    :raises SystemExit: the file cannot be read, or a line of it is no phrase; it says which, and what is wrong.
    """
    found: Phrases = defaultdict(list)
    for file in sorted(HELD_OUT.glob("held_out_*.tsv")) if path is None else [path]:
        for language, text in _lines(file):
            found[language].append(text)
    if not found:
        raise SystemExit(f"{path or HELD_OUT}: no phrases. Give lines of a language, a tab and a text.")
    return {language: found[language] for language in LANGUAGES if language in found}


def _lines(path: Path) -> Iterable[tuple[str, str]]:
    try:
        said = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise SystemExit(f"{path}: cannot be read ({problem.strerror}).") from None
    except UnicodeDecodeError as problem:
        raise SystemExit(f"{path}: not UTF-8 (byte {problem.start}).") from None
    for number, line in enumerate(said.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        language, tab, text = line.rstrip("\r").partition("\t")
        wrong = _what_is_wrong(language, tab, text)
        if wrong:
            raise SystemExit(f"{path}, line {number}: {wrong}. A line is a language ({', '.join(LANGUAGES)}), a tab and a text.")
        yield language, text


def _what_is_wrong(language: str, tab: str, text: str) -> str:
    if not tab:
        return "no tab"
    if language not in LANGUAGES:
        return f"no language of ours: {language[:20]!r}"
    if not text.strip():
        return "no text"
    if len(text) > MOST_BODY:
        return f"{len(text):,} characters, and a message has at most {MOST_BODY:,}"
    unsaid = sorted({char for char in text if ord(char) < ord(" ") and char != "\t"})
    return f"a control character, {unsaid[0]!r}" if unsaid else ""
