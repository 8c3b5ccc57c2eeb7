"""Mappings: every shipped one reads, and every typo is named."""

from __future__ import annotations

import pytest

from geo import mapping as mappings
from geo.model import UnusableError

SMALL = '[columns]\nstate = "Entidad"\n'

FLAG = '[[flags]]\ncolumn = "A"\nis = ["1"]\nto = "{to}"\nvalue = "x"\n'
YEAR = '[months]\nyear = "Año"\ncolumns = [' + ", ".join(f'"{n}"' for n in range(12)) + "]\n"
SOURCE = '[release]\nsources = [{{ name = "A", coverage_start = {start} }}]\n'


def read(tmp_path, text: str) -> mappings.Mapping:
    path = tmp_path / "partner.toml"
    path.write_text(text, encoding="utf-8")
    return mappings.mapping(path)


@pytest.mark.parametrize("name", mappings.names())
def test_shipped_mapping_says_what_a_release_needs(name):
    release = mappings.mapping(name).release
    assert set(release) >= {"title", "series", "unit", "sources", "synthetic"}
    assert set(release["title"]) == set(release["unit"]) == {"en", "es"}
    assert all(source["name"] for source in release["sources"])


def test_the_known_sources_ship():
    assert set(mappings.names()) >= {"us_hotline", "sesnsp", "cdmx", "htcds", "ctdc", "demo"}


def test_only_the_demonstration_and_ctdc_are_synthetic():
    synthetic = {name for name in mappings.names() if mappings.mapping(name).release["synthetic"]}
    assert synthetic >= {"demo", "ctdc"}
    assert not synthetic & {"us_hotline", "sesnsp", "cdmx", "htcds"}


def test_a_path_is_read_and_named_for_its_file(tmp_path):
    found = read(tmp_path, SMALL)
    assert (found.name, found.columns) == ("partner", {"state": "Entidad"})


def test_required_columns_are_those_that_are_not_optional(tmp_path):
    text = SMALL + (
        '[optional_columns]\nvenue = "Lugar"\n'
        '[[filters]]\ncolumn = "Delito"\nkeep = ["Trata"]\n'
        '[[filters]]\ncolumn = "Estatus"\ndrop = ["No"]\noptional = true\n'
    )
    found = read(tmp_path, text)
    assert found.required == ("Entidad", "Delito")
    assert found.wanted == ("Entidad", "Delito", "Lugar", "Estatus")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[colums]\nstate = "Entidad"\n', "'colums' (nearest: 'columns')"),
        ('[columns]\nstaet = "Entidad"\n', "'columns.staet' (nearest: 'state')"),
        ('[file]\nencodnig = "latin-1"\n' + SMALL, "'file.encodnig' (nearest: 'encoding')"),
        ('[file]\nencoding = "latin-12345"\n' + SMALL, "encoding 'latin-12345' is not known"),
        ('[file]\nheader_row = "3"\n' + SMALL, "file.header_row is not a whole number"),
        ("[file]\nheader_row = 0\n" + SMALL, "header_row counts from 1"),
        ('[file]\ndelimiter = ", "\n' + SMALL, "one character"),
        ('state_codes = "ingei"\n' + SMALL, "expected one of text, fips, inegi, geonames"),
        ('dates = ["dd/mm/yyyy"]\n' + SMALL, "no strptime format"),
        ("missing = [-99]\n" + SMALL, "missing is not a list of texts"),
        ("[columns]\nstate = 5\n", "columns.state is not a text in quotes"),
        ('[[filters]]\ncolumn = "Delito"\n' + SMALL, "one of 'keep' and 'drop'"),
        ('[[flags]]\ncolumn = "A"\nto = "venue"\nvalue = "x"\n', "a flag needs 'is'"),
        ('[months]\nyear = "Año"\ncolumns = ["Enero"]\n', "12 different 'columns', January first"),
        ('[months]\nyear = "Año"\ncolumns = [' + '"Enero", ' * 12 + "]\n", "12 different"),
        ("[file]\nheader_row = true\n" + SMALL, "file.header_row is not a whole number"),
        ('[file]\nencoding = "hex"\n' + SMALL, "encoding 'hex' is not known"),
        ('[file]\nencoding = "a\\u0000b"\n' + SMALL, "is not known"),
        ("[file]\ndelimiter = '\"'\n" + SMALL, "delimiter is one character"),
        ('[file]\ndelimiter = "é"\n' + SMALL, "delimiter is one character"),
        ('[file]\ndecimal = "5"\n' + SMALL, "decimal is one character"),
        ('dates = ["%d/%m/%Y %Y"]\n' + SMALL, "no strptime format"),
        ('dates = ["%%Y"]\n' + SMALL, "no strptime format"),
        ('[columns]\nstate = ""\n', "columns.state is blank"),
        (SMALL + '[lists]\nvenue = ""\n', "lists.venue is blank"),
        (SMALL + FLAG.format(to="state"), "given twice: state"),
        (YEAR + '[columns]\ndate = "Fecha"\n', "given twice: date"),
        (SMALL + '[release]\ntitle = { en = "A" }\n', "release.title needs both languages"),
        (SMALL + "[release]\nunit = { en = 1, es = 2 }\n", "release.unit.en is not a text"),
        (SMALL + '[release]\nsources = ["A"]\n', "release.sources is not a table"),
        (SMALL + '[release]\nsources = [{ nam = "A" }]\n', "(nearest: 'name')"),
        (SMALL + "[release]\nsources = [{}]\n", "needs a name"),
        (SMALL + SOURCE.format(start="2015-01-01"), "coverage_start is not a text in quotes"),
        (SMALL + SOURCE.format(start='"spring"'), "expected a day, '2015-12-31', or a year"),
        ("missing = " + "[" * 3000 + "\n", "nested too deeply"),
        (SMALL + '[constants]\nstate = "US-TX"\n', "given twice: state"),
        ('[constants]\ncountry = "MX"\n', "canonical = true or [columns]"),
        ("canonical = true\n" + SMALL, "canonical = true or [columns]"),
        ("[columns\n", "not TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path, text, said):
    with pytest.raises(UnusableError) as raised:
        read(tmp_path, text)
    assert said in str(raised.value)
    assert "partner.toml" in str(raised.value)


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(UnusableError, match="nearest: 'sesnsp'"):
        mappings.mapping("sesnps")


def test_a_folder_is_no_mapping(tmp_path):
    with pytest.raises(UnusableError, match="a folder"):
        mappings.mapping(tmp_path)


def test_a_mapping_that_is_not_utf8_is_refused_with_its_byte(tmp_path):
    path = tmp_path / "partner.toml"
    path.write_bytes('[columns]\ndate = "Año"\n'.encode("latin-1"))
    with pytest.raises(UnusableError, match="byte 19 is not UTF-8"):
        mappings.mapping(path)


@pytest.mark.parametrize("form", ["%d/%m/%y", "%Y-%m-%d %H:%M %z", "%I:%M %p %d %b %Y", "%Y%j"])
def test_a_format_that_tells_the_year_is_taken(tmp_path, form):
    assert read(tmp_path, f'dates = ["{form}"]\n' + SMALL).dates == (form,)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8", "latin-1", "cp1252"])
def test_every_encoding_of_text_is_taken(tmp_path, encoding):
    assert read(tmp_path, f'[file]\nencoding = "{encoding}"\n' + SMALL).encoding == encoding


def test_countries_covered_are_the_study_area_s(tmp_path):
    assert read(tmp_path, '[release]\ncovered = ["US"]\n' + SMALL).release["covered"] == ["US"]
    for wrong in ("[]", '["GT"]', "[1]"):
        with pytest.raises(UnusableError, match="covered"):
            read(tmp_path, f"[release]\ncovered = {wrong}\n" + SMALL)


def test_scope_is_one_or_two_pairs_of_dimension_and_code(tmp_path):
    listed = '[["trafficking_type", "sex"], ["venue", "escort", "trafficking_type", "sex"]]'
    scope = read(tmp_path, f"[release]\nscope = {listed}\n" + SMALL).release["scope"]
    assert [len(statement) for statement in scope] == [2, 4]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ('"nationality"', "scope"),
        ('["nationality"]', "two such pairs"),
        ('["nationality", "MX", "venue"]', "two such pairs"),
        ('["nationalty", "MX"]', "nationalty"),
        ('["period", "2015"]', "period"),
        ('["nationality", "north_amerca"]', "north_america"),
        ('["nationality", 3]', "3"),
    ],
)
def test_a_scope_that_says_nothing_is_refused(tmp_path, statement, told):
    with pytest.raises(UnusableError, match=told):
        read(tmp_path, f"[release]\nscope = [{statement}]\n" + SMALL)
