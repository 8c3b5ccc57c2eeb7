"""Words: both languages have the same, all are used, and none stands in the code."""

import ast
import json
import re
from pathlib import Path

import pytest

from geo import vocab
from ui import i18n
from ui.i18n import texts

ROOT = Path(__file__).parent.parent.parent
QUOTED = re.compile("«([^»]*)»")
SPANISH = {  # quotations of Spanish words, or translated
    *("Cifras publicadas", "sintético", "sintética", "sin desglosar", "Más de", "no se conoce"),
    *("atrás", "adelante", "Llamadas", "de Houston"),
}
CODE = sorted([*(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])
WORDS = {lang: texts(lang).words for lang in i18n.LANGUAGES}
PLACEHOLDER = re.compile(r"{(\w+)}")

# Text that is no word of the interface: names of sources and of fonts.
NO_WORDS = {
    "US Census Bureau · INEGI · Natural Earth · GeoNames",
    "Source Sans, system-ui, sans-serif",
}


def strings(path: Path) -> list[str]:
    """Constant texts of a module, but for docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node) is not None
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings
    ]


def calls(path: Path) -> list[ast.Call]:
    return [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]


def used_keys() -> tuple[set[str], set[str]]:
    """Keys named in the code, and the beginnings of those that are put together."""
    whole = {text for path in CODE for text in strings(path)}
    begun = {
        node.values[0].value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    return whole, {text for text in begun if text.endswith(".")}


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert list(WORDS["en"]) == list(WORDS["es"])


def placeholders(lang: str) -> dict[str, list[str]]:
    return {key: sorted(PLACEHOLDER.findall(text)) for key, text in WORDS[lang].items()}


def test_both_languages_have_the_same_placeholders():
    assert placeholders("en") == placeholders("es")


def test_every_key_is_used():
    whole, begun = used_keys()
    unused = [key for key in WORDS["en"] if key not in whole and not key.startswith(tuple(begun))]
    assert unused == []


def test_every_key_that_is_asked_for_is_there():
    asked = {
        call.args[0].value
        for path in CODE
        for call in calls(path)
        if (isinstance(call.func, ast.Name) and call.func.id == "t")
        or (isinstance(call.func, ast.Attribute) and call.func.attr == "t")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert asked - set(WORDS["en"]) == set()
    assert len(asked) > 40


def test_no_text_is_empty():
    assert [(lang, key) for lang in WORDS for key, text in WORDS[lang].items() if not text] == []


def test_locale_files_hold_no_key_twice():
    for lang in i18n.LANGUAGES:
        paths = sorted((ROOT / "ui" / "locales" / lang).glob("*.json"))
        texts_of = [path.read_text(encoding="utf-8") for path in paths]
        pairs = [pair for text in texts_of for pair in json.loads(text, object_pairs_hook=list)]
        assert len(pairs) == len({key for key, _ in pairs}) == len(WORDS[lang])


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_no_words_of_the_interface_stand_in_the_code(path):
    sentence = re.compile(r"[^\W\d_]{3,} [^\W\d_]{2,}")
    markup = re.compile(r"[<{]|^\.\./")
    found = {text for text in strings(path) if sentence.search(text) and not markup.search(text)}
    assert found - NO_WORDS == set()


def test_pages_hold_no_text_but_code():
    for path in (ROOT / "pages").glob("*.py"):
        assert [text for text in strings(path) if " " in text] == []


def test_every_prose_page_is_there_in_both_languages():
    names = {
        lang: {path.name for path in (ROOT / "ui" / "texts" / lang).glob("*.md")}
        for lang in i18n.LANGUAGES
    }
    assert names["en"] == names["es"]
    for name in names["en"]:
        english, spanish = (
            sorted(PLACEHOLDER.findall(texts(lang).page(name.removesuffix(".md"))))
            for lang in i18n.LANGUAGES
        )
        assert english == spanish, name


def test_numbers_are_written_as_the_language_does(t):
    assert t.number(1234567) == f"1{t.words['number.group']}234{t.words['number.group']}567"


def test_whole_numbers_in_a_text_are_written_as_the_language_does(en):
    assert en("place.count", count=2037, unit="cases") == "2,037 cases"


def test_the_mission_layers_have_the_names_of_the_deck(en):
    names = [en.code("venue", code) for code in vocab.load().layers]
    assert names == ["Residential brothels", "Cantinas", "Escort/delivery services"]


def test_other_codes_take_their_words_from_the_vocabulary(t):
    assert t.code("nationality", "HN") == "Honduras"
    assert t.code("period", "2015") == "2015"


def test_what_spanish_texts_quote_from_english_documents_is_marked_as_english():
    """The page names «*…*» English to a screen reader; any other quotation is Spanish."""
    folder = Path(i18n.__file__).parent
    files = [*(folder / "locales" / "es").glob("*.json"), *(folder / "texts" / "es").glob("*.md")]
    quoted = {one for path in files for one in QUOTED.findall(path.read_text(encoding="utf-8"))}
    english = {one.strip("*") for one in quoted if one.startswith("*") and one.endswith("*")}
    assert {"Prevalence", "Residential Brothels – Operational Model", "{heading}"} <= english
    assert {one for one in quoted if one.strip("*") not in english} == SPANISH
