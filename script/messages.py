#!/usr/bin/env python3
"""Texts in three languages: extract, merge translations, show what is missing, compile.

English is the language of the source: a msgid is the English text itself. Kyrgyz and Russian live in
locale/<language>/LC_MESSAGES/django.po. The compiled .mo files are not kept in git.

    script/messages.py --missing [PATH ...]   JSON of the strings without a translation (all, or those used below
                                              the given paths), ready to be filled in and merged; exit 1 if any
    script/messages.py --merge FILE.json      put translations into the catalogues and compile
    script/messages.py --unused               translations that no source file uses any more
    script/messages.py --compile              write the .mo files (no gettext needed)

FILE.json:
    {"Save": {"ky": "Сактоо", "ru": "Сохранить"},
     "%(n)s day": {"plural": "%(n)s days", "ky": ["%(n)s күн", "%(n)s күн"],
                   "ru": ["%(n)s день", "%(n)s дня", "%(n)s дней"]}}
A string with a context (pgettext) carries "context": "…". A list of objects with "msgid" works too.
Kyrgyz has two plural forms (one, other), Russian three (1 день, 2 дня, 5 дней).
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
_python = BASE / ".venv" / "bin" / "python"
if Path(sys.prefix).resolve() != (BASE / ".venv").resolve() and _python.exists():
    os.execv(_python, [str(_python), __file__, *sys.argv[1:]])

import polib

PLURALS = {
    "ky": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}
FORMS = {"ky": 2, "ru": 3}
SOURCES = ("apps", "consultation_portal", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
Key = tuple[str, str]  # context, msgid


def catalogue_path(language: str) -> Path:
    return BASE / "locale" / language / "LC_MESSAGES" / "django.po"


@contextlib.contextmanager
def lock() -> Iterator[None]:
    """One writer at a time: several people merge into the same two files."""
    folder = Path(os.environ.get("PORTAL_VAR") or BASE / "var")
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "messages.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def load(language: str) -> polib.POFile:
    path = catalogue_path(language)
    catalogue = polib.pofile(str(path), wrapwidth=110) if path.exists() else polib.POFile(wrapwidth=110)
    # Only what a reader needs: dates would make every merge a conflict.
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return catalogue


def write_compiled(catalogue: polib.POFile, language: str) -> None:
    target = catalogue_path(language).with_suffix(".mo")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Under another name first: a server that starts meanwhile never reads half a file.
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    os.close(handle)
    catalogue.save_as_mofile(name)
    os.chmod(name, 0o644)
    os.replace(name, target)


def save(catalogue: polib.POFile, language: str) -> None:
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = polib.POFile(wrapwidth=110)
    ordered.metadata = catalogue.metadata
    for entry in sorted(catalogue, key=lambda e: (e.msgid.casefold(), e.msgid, e.msgctxt or "")):
        entry.occurrences, entry.previous_msgid, entry.flags = [], None, []
        ordered.append(entry)
    ordered.save(str(path))
    write_compiled(ordered, language)


def compile_all() -> None:
    """The .mo files of every language, only where the catalogue is newer."""
    for language in PLURALS:
        source, target = catalogue_path(language), catalogue_path(language).with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime <= source.stat().st_mtime):
            write_compiled(polib.pofile(str(source)), language)


def extract() -> dict[Key, polib.POEntry]:
    """Every string of the code and the templates, found by Django's makemessages (xgettext)."""
    import django
    from django.conf import settings
    from django.core.management.commands import makemessages

    if not settings.configured:
        # Not the portal's own settings: a half-written app must not stop the translators.
        settings.configure(USE_I18N=True, LOCALE_PATHS=[], INSTALLED_APPS=[], SECRET_KEY="extraction only")
        django.setup()
    with tempfile.TemporaryDirectory() as scratch:
        locale = Path(scratch) / "locale"
        (locale / "ky").mkdir(parents=True)
        settings.LOCALE_PATHS = [str(locale)]

        class Extraction(makemessages.Command):
            def build_potfiles(self) -> list[str]:
                self.default_locale_path, self.locale_paths = str(locale), [str(locale)]
                return super().build_potfiles()

            def write_po_file(self, potfile: str, locale: str) -> None:
                """The catalogues are merged by polib: no guesses by likeness."""

        here = os.getcwd()
        os.chdir(BASE)
        try:
            Extraction(stdout=sys.stderr).run_from_argv(
                ["", "makemessages", "-l", "ky", "-v0", "--keep-pot", "--no-wrap", "-e", "html,txt,xml,py"]
                + [part for name in sorted(os.listdir(BASE)) if name not in SOURCES for part in ("-i", name)]
            )
        finally:
            os.chdir(here)
        pot = locale / "django.pot"
        found = polib.pofile(str(pot)) if pot.exists() else polib.POFile()
    for entry in found:
        entry.occurrences = [(re.sub(r"^\./", "", path), line) for path, line in entry.occurrences]
    return {(entry.msgctxt or "", entry.msgid): entry for entry in found}


def translated(entry: polib.POEntry | None, source: polib.POEntry) -> bool:
    if entry is None or "fuzzy" in entry.flags:
        return False
    if source.msgid_plural:
        return bool(entry.msgstr_plural) and all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def untranslated(paths: list[str]) -> list[tuple[polib.POEntry, list[str]]]:
    """Strings in use without a full translation, with the languages that lack one."""
    known = {lang: {(e.msgctxt or "", e.msgid): e for e in load(lang)} for lang in PLURALS}
    prefixes = [os.path.relpath(Path(path).resolve(), BASE) for path in paths]
    result = []
    for key, source in extract().items():
        if prefixes and not any(
            place == prefix or place.startswith(prefix + os.sep)
            for place, _ in source.occurrences
            for prefix in prefixes
        ):
            continue
        lacking = [lang for lang in PLURALS if not translated(known[lang].get(key), source)]
        if lacking:
            result.append((source, lacking))
    return result


def show_missing(paths: list[str]) -> int:
    rows = untranslated(paths)
    template: list[dict[str, Any]] = []
    for source, lacking in rows:
        row: dict[str, Any] = {"msgid": source.msgid}
        if source.msgctxt:
            row["context"] = source.msgctxt
        if source.msgid_plural:
            row["plural"] = source.msgid_plural
        for lang in lacking:
            row[lang] = [""] * FORMS[lang] if source.msgid_plural else ""
        row["used"] = ", ".join(f"{path}:{line}" for path, line in source.occurrences[:3])
        template.append(row)
    print(json.dumps(template, ensure_ascii=False, indent=1))
    print(f"{len(rows)} strings without a translation", file=sys.stderr)
    return 1 if rows else 0


def show_unused() -> int:
    used = extract()
    for entry in load("ky"):
        if (entry.msgctxt or "", entry.msgid) not in used:
            print(entry.msgid)
    return 0


def faults(row: dict[str, Any]) -> list[str]:
    """What is wrong with one row of a file to merge: forms, placeholders, white space at the ends."""
    msgid, plural, problems = row["msgid"], row.get("plural"), []
    for lang in PLURALS:
        value = row.get(lang)
        if value in (None, "") or (isinstance(value, list) and not any(value)):
            continue
        if bool(plural) != isinstance(value, list):
            problems.append(f"{lang}: {'a list of forms' if plural else 'one text'} expected: {msgid!r}")
            continue
        forms = value if isinstance(value, list) else [value]
        if plural and len(forms) != FORMS[lang]:
            problems.append(f"{lang}: {FORMS[lang]} forms expected, {len(forms)} given: {msgid!r}")
        allowed = set(PLACEHOLDER.findall(msgid)) | set(PLACEHOLDER.findall(plural or ""))
        for text in forms:
            if text[:1].isspace() != msgid[:1].isspace() or text[-1:].isspace() != msgid[-1:].isspace():
                problems.append(f"{lang}: white space at the ends differs: {msgid!r}")
            if plural and not set(PLACEHOLDER.findall(text)) <= allowed:
                problems.append(f"{lang}: unknown placeholder in {text!r}")
            if not plural and sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(msgid)):
                problems.append(f"{lang}: placeholders differ: {msgid!r} / {text!r}")
    return problems


def merge(file: str) -> int:
    data = json.loads(Path(file).read_text(encoding="utf-8"))
    rows = data if isinstance(data, list) else [{"msgid": msgid, **value} for msgid, value in data.items()]
    problems = [problem for row in rows for problem in faults(row)]
    if problems:
        print("Nothing was merged:", *problems, sep="\n  ", file=sys.stderr)
        return 2
    with lock():
        for lang in PLURALS:
            catalogue = load(lang)
            known = {(e.msgctxt or "", e.msgid): e for e in catalogue}
            changed = 0
            for row in rows:
                value = row.get(lang)
                if value in (None, "") or (isinstance(value, list) and not any(value)):
                    continue
                key = (row.get("context") or "", row["msgid"])
                entry = known.get(key)
                if entry is None:
                    entry = known[key] = polib.POEntry(msgid=row["msgid"], msgctxt=row.get("context"))
                    catalogue.append(entry)
                entry.obsolete = False
                if isinstance(value, list):
                    entry.msgid_plural, entry.msgstr = row["plural"], ""
                    entry.msgstr_plural = dict(enumerate(value))
                else:
                    entry.msgid_plural, entry.msgstr, entry.msgstr_plural = "", value, {}
                changed += 1
            save(catalogue, lang)
            print(f"{lang}: {changed} merged, {len(catalogue)} in all", file=sys.stderr)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--missing", nargs="*", metavar="PATH")
    group.add_argument("--merge", metavar="FILE.json")
    group.add_argument("--unused", action="store_true")
    group.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    if options.missing is not None:
        return show_missing(options.missing)
    if options.merge:
        return merge(options.merge)
    if options.unused:
        return show_unused()
    with lock():
        compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
