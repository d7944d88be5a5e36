"""Kyrgyz and Russian are whole: a string that one reader cannot read fails the build."""

import importlib.util
from pathlib import Path
from types import ModuleType

import polib
import pytest

BASE = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", BASE / "script" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(BASE / "locale" / language / "LC_MESSAGES" / "django.po"))


def test_every_string_of_code_and_templates_is_translated(messages: ModuleType) -> None:
    missing = [f"{', '.join(languages)}: {source.msgid!r}" for source, languages in messages.untranslated([])]

    assert missing == []


def test_the_extraction_sees_code_and_templates(messages: ModuleType) -> None:
    places = {path.split("/")[0] for source in messages.extract().values() for path, _ in source.occurrences}

    assert {"apps", "templates"} <= places


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_no_translation_is_fuzzy_empty_or_obsolete(language: str) -> None:
    bad = [
        entry.msgid
        for entry in catalogue(language)
        if entry.fuzzy or entry.obsolete or not entry.translated()
    ]

    assert bad == []


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_translations_keep_placeholders_and_forms(language: str, messages: ModuleType) -> None:
    bad = []
    for entry in catalogue(language):
        value = list(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
        row = {"msgid": entry.msgid, "plural": entry.msgid_plural, language: value}
        bad += messages.faults(row)

    assert bad == []


def test_both_languages_hold_the_same_strings() -> None:
    held = {lang: {(entry.msgctxt, entry.msgid) for entry in catalogue(lang)} for lang in ("ky", "ru")}

    assert held["ky"] ^ held["ru"] == set()


def test_kyrgyz_is_not_russian_in_disguise() -> None:
    russian = {entry.msgid: entry.msgstr for entry in catalogue("ru")}
    same = [
        entry.msgid
        for entry in catalogue("ky")
        if len(entry.msgstr.split()) > 3 and entry.msgstr == russian.get(entry.msgid)
    ]

    assert same == []
