"""Case files in: what is read, what becomes unknown, what is said about it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from geo import ingest, vocab
from geo.ingest.dates import period
from geo.ingest.states import states
from geo.mapping import Filter, Flag, Mapping
from geo.model import CASES, FINDINGS, NOTES, DataError, Policy, UnusableError, check
from geo.rules import check as judged

VOCAB = vocab.load()
FIXTURES = Path(__file__).parent.parent / "fixtures"
REAL = os.environ.get("MOSAICO_REAL")
needs_real = pytest.mark.skipif(
    not REAL, reason="MOSAICO_REAL does not name the folder of real public files"
)


@pytest.fixture
def file(tmp_path):
    def write(text: str, encoding: str = "utf-8", name: str = "cases.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def cleaned(path: Path, mapping: Mapping | None = None) -> ingest.Cleaned:
    mapping = mapping or ingest.canonical()
    return ingest.clean(ingest.read(path, mapping), mapping, VOCAB)


def column(path: Path, name: str, mapping: Mapping | None = None) -> list:
    return list(cleaned(path, mapping).cases[name])


def rules(found: ingest.Cleaned) -> dict[str, str]:
    """Rows of every rule that some row fails."""
    return dict(zip(found.findings["rule"], found.findings["rows"], strict=True))


class TestReading:
    def test_semicolons_a_mark_quotes_and_line_ends_of_windows(self, file):
        text = '"state";"place"\r\n"US-TX";"El Paso; east"\r\n"US-CA";"Two\nlines"\r\n'
        path = file(text, "utf-8-sig")
        assert column(path, "state") == ["US-TX", "US-CA"]
        assert column(path, "place_name") == ["El Paso; east", "Two lines"]

    def test_marked_utf16_and_tabs(self, file):
        assert column(file("state\tvenue\nTexas\tCantina\n", "utf-16"), "venue") == ["cantina"]

    def test_a_last_line_without_an_end_is_a_row(self, file):
        assert column(file("state\nTexas\nUtah"), "state") == ["US-TX", "US-UT"]

    def test_latin_1_needs_a_mapping_and_the_byte_is_said(self, file):
        path = file("state\nTexas\nMichoacán\n", "latin-1")
        with pytest.raises(UnusableError, match=r"byte 19 is not utf-8; set .* encoding"):
            ingest.read(path)
        mapping = Mapping(encoding="latin-1", columns={"state": "state"})
        assert column(path, "state", mapping) == ["US-TX", "MX-MIC"]

    def test_header_below_a_title_and_a_row_of_labels(self, file):
        path = file("Report of 2015,\nEstado,Lugar\nstate,venue\nTexas,Cantina\n")
        mapping = Mapping(header_row=2, skip_rows=1, columns={"state": "Estado"})
        found = cleaned(path, mapping)
        assert list(found.cases["row"]) == [1]
        assert list(found.cases["state"]) == ["US-TX"]

    def test_a_workbook_by_its_sheet(self):
        mapping = Mapping(
            sheet="Cases",
            header_row=3,
            columns={"date": "Fecha", "state": "Estado", "cases": "Casos"},
        )
        cases = cleaned(FIXTURES / "cases.xlsx", mapping).cases
        assert list(cases["period"]) == ["2015-Q3", "2016-Q1", "2014"]
        assert list(cases["state"]) == ["MX-JAL", "MX-PUE", "MX-SON"]
        assert list(cases["cases"]) == [3, 1, 2]

    def test_a_missing_sheet_is_named(self):
        with pytest.raises(UnusableError, match=r"no sheet 'Case' \(nearest: 'Cases'\)"):
            ingest.read(FIXTURES / "cases.xlsx", Mapping(sheet="Case", columns={"state": "E"}))

    def test_parquet_of_every_kind_of_column(self, tmp_path):
        path = tmp_path / "cases.parquet"
        table = pa.table(
            {
                "date": pa.array([2015, None]),
                "lat": [31.87, 31.87],
                "lon": [-106.4, -106.4],
                "venue": [["escort", "cantina"], []],
                "state": pa.array(["Texas", "Texas"]).dictionary_encode(),
            }
        )
        pq.write_table(table, path)
        cases = cleaned(path).cases
        assert list(cases["period"]) == ["2015", "unknown"]
        assert list(cases["venue"]) == ["cantina;escort", "unknown"]
        assert list(cases["lat"]) == [31.87, 31.87]

    def test_broken_rows_are_left_out_and_later_rows_keep_their_numbers(self, file):
        found = cleaned(file("state,venue\nTexas\nUtah,cantina\nOhio,cantina,extra\nIowa,street\n"))
        assert list(found.cases["row"]) == [2, 4]
        assert rules(found) == {"row_broken": "1 3"}

    def test_blank_lines_are_no_cases_but_count_as_lines(self, file):
        found = cleaned(file("state,venue\nTexas,\n\n,\nUtah,\n\n"))
        assert list(found.cases["row"]) == [1, 4]
        assert rules(found) == {}
        assert found.notes.set_index("reason").loc["blank_rows", "rows_out"] == 2

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "the file is empty"),
            ("  \n\n", "the file is empty"),
            (",,\n1,2,3\n", "no header"),
            ("state,state\nTexas,Utah\n", "'state' stands twice"),
            ('state,venue\nTexas,cantina\nUtah,"street\nOhio,escort\n', "line 3"),
            ("PK\x03\x04 no workbook", "cannot be read as a workbook"),
            ("PAR1 no table", "cannot be read as Parquet"),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(self, file, text, said):
        with pytest.raises(UnusableError, match=said):
            ingest.read(file(text))

    def test_no_file_and_a_folder(self, tmp_path):
        with pytest.raises(UnusableError, match="no such file"):
            ingest.read(tmp_path / "none.csv")
        with pytest.raises(UnusableError, match="a folder"):
            ingest.read(tmp_path)

    def test_a_file_without_a_header_prints_no_case(self, file):
        with pytest.raises(UnusableError) as raised:
            ingest.read(file("Maria,Houston,2015\nAna,Dallas,2016\n"))
        assert "none of its 3 columns" in str(raised.value)
        assert not any(text in str(raised.value) for text in ("Maria", "Houston", "2015"))

    def test_a_missing_column_of_the_mapping_is_named_with_the_nearest(self, file):
        mapping = Mapping(name="m", columns={"state": "Estado", "date": "Fecha"})
        with pytest.raises(UnusableError, match=r"no column 'Fecha' \(nearest: 'Fechas'\)"):
            ingest.read(file("Estado,Fechas\nJalisco,2015\n"), mapping)

    def test_unknown_columns_are_named_where_the_header_is_one(self, file):
        found = cleaned(file("state,venue,shoe_size\nTexas,cantina,Maria\n")).findings
        assert list(found["rule"]) == ["column_unread"]
        assert "shoe_size" in found["message"][0]
        assert found["share"][0] == 0

    def test_unknown_columns_are_counted_where_the_header_may_be_a_case(self, file):
        message = cleaned(file("source,Maria,Houston\nNHTRC,Ana,Dallas\n")).findings["message"][0]
        assert "2 of 3 columns" in message
        assert "Maria" not in message

    def test_columns_that_no_mapping_names_are_not_read(self, file):
        raw = ingest.read(file("state,victim_name\nTexas,Maria\n"))
        assert list(raw.table.columns) == ["state"]


class TestDates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2015-08-31", "2015-Q3"),
            ("2015-08", "2015-Q3"),
            ("2015/8/1", "2015-Q3"),
            ("2015-Q4", "2015-Q4"),
            ("Q4 2015", "2015-Q4"),
            ("2015", "2015"),
            ("2015.0", "2015"),
            ("2015-08-31 23:59:00", "2015-Q3"),
            ("2015-08-31T23:59Z", "2015-Q3"),
            ("2015-07-01/2015-09-30", "2015-Q3"),
            ("2015-06 to 2015-07", "2015"),
            ("2015-01-01/2015-12-31", "2015"),
            ("2016-02-29", "2016-Q1"),
        ],
    )
    def test_finest_known_period(self, text, expected):
        assert period(text) == (expected, "")

    @pytest.mark.parametrize("text", ["2005-2013", "2015-12 to 2016-01", "2014\u20132018"])
    def test_a_band_wider_than_a_year_is_unknown_and_no_defect(self, text):
        assert period(text) == ("unknown", "band")

    @pytest.mark.parametrize(
        "text", ["2031-02-30", "2015-13", "2016-2015", "0215-01-01", "03/04/2015", "soon", "2015-"]
    )
    def test_a_date_that_does_not_exist_is_a_finding(self, text):
        assert period(text) == ("unknown", "impossible")

    def test_several_formats_in_one_column(self, file):
        mapping = Mapping(columns={"date": "d"}, dates=("%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%m/%Y"))
        path = file("d\n31/08/2015\n2016-01-02 10:30:00\n12/2014\n2013\n31/02/2015\n")
        found = cleaned(path, mapping)
        expected = ["2015-Q3", "2016-Q1", "2014-Q4", "2013", "unknown"]
        assert list(found.cases["period"]) == expected
        assert rules(found) == {"date_impossible": "5"}

    def test_no_date_is_unknown_without_a_finding(self, file):
        found = cleaned(file("state,date\nTexas,\nTexas,desconocido\n"))
        assert list(found.cases["period"]) == ["unknown", "unknown"]
        assert rules(found) == {}

    def test_findings_tell_rows_and_never_the_value(self, file):
        findings = cleaned(file("date\n2015\n2031-02-30\n")).findings
        assert findings["rows"][0] == "2"
        assert findings["share"][0] == 0.5
        assert "2031" not in findings.to_csv()


class TestStates:
    def placed(self, state: str, country: str = "", system: str = "text") -> tuple:
        texts = (pd.Series([text], dtype="str") for text in (state, country))
        return tuple(states(*texts, VOCAB, system).iloc[0])

    @pytest.mark.parametrize(
        ("state", "country", "expected"),
        [
            ("west-virginia", "US", ("US", "US-WV")),
            ("district-columbia", "US", ("US", "US-DC")),
            ("Washington", "", ("US", "US-WA")),
            ("Jalisco", "", ("MX", "MX-JAL")),
            ("México", "México", ("MX", "MX-MEX")),
            ("Ciudad de México", "", ("MX", "MX-CMX")),
            ("", "Estados Unidos", ("US", "")),
            ("", "Puerto Rico", ("US", "US-PR")),
            ("", "EXTRANJERO", ("outside", "")),
            ("EXTRANJERO", "", ("outside", "")),
            ("Florida", "Uruguay", ("outside", "")),
            ("", "", ("unknown", "")),
        ],
    )
    def test_country_and_state(self, state, country, expected):
        assert self.placed(state, country) == (*expected, "", False)

    def test_mexico_without_a_country_may_be_either(self):
        assert self.placed("México") == ("MX", "", "state_ambiguous", False)

    def test_a_state_of_the_other_country_stays_at_the_country(self):
        contradiction = ("MX", "", "state_contradicts_country", False)
        assert self.placed("Texas", "MX") == contradiction

    def test_an_unknown_state_stays_at_its_country(self):
        assert self.placed("Narnia", "US") == ("US", "", "state_unknown", False)
        assert self.placed("USA") == ("US", "", "state_unknown", False)

    def test_no_country_at_all_is_outside_and_a_finding(self):
        assert self.placed("", "Narnia") == ("outside", "", "", True)

    def test_numbers_with_and_without_zeros_differ_by_system(self):
        assert self.placed("5", "MX", "inegi")[1] == "MX-COA"
        assert self.placed("05", "MX", "geonames")[1] == "MX-CHP"
        assert self.placed("6", "", "fips")[:2] == ("US", "US-CA")
        assert self.placed("15", "", "inegi")[:2] == ("MX", "MX-MEX")
        assert self.placed("5", "")[2] == "state_unknown"


class TestPlaces:
    def test_an_impossible_latitude_makes_both_coordinates_unknown(self, file):
        text = "lat,lon\n123,-95\n29.7,-95.4\n0,0\n29.7,\nnorth,-95\n,\nunknown,unknown\n"
        found = cleaned(file(text + "\n"))
        assert found.cases["lat"].notna().tolist() == [False, True] + [False] * 4
        assert found.cases["lon"].notna().tolist() == [False, True] + [False] * 4
        assert rules(found) == {"coordinates_impossible": "1 3 4 5"}

    def test_decimal_commas(self, file):
        mapping = Mapping(decimal=",", columns={"lat": "y", "lon": "x"})
        cases = cleaned(file("y;x\n19,43;-99,13\n"), mapping).cases
        assert (cases["lat"][0], cases["lon"][0]) == (19.43, -99.13)

    def test_zip_codes(self, file):
        found = cleaned(file("zip,country\n77001-1234,\n2138,US\n7700I,US\n06700,MX\n"))
        assert list(found.cases["zip"]) == ["77001", "02138", "", ""]
        assert list(found.cases["country"]) == ["US", "US", "US", "MX"]
        assert rules(found) == {"zip_impossible": "3"}

    def test_a_place_without_a_role_is_one_of_exploitation(self, file):
        found = cleaned(file("state,role\nTexas,\nTexas,Recruitment\nTexas,guesswork\n"))
        assert list(found.cases["role"]) == ["exploitation", "recruitment", "exploitation"]
        assert rules(found) == {"role_unknown": "3"}


class TestCodes:
    def test_lists_are_sorted_sets_and_unknown_items_leave_the_known(self, file):
        text = "venue\nescort;Cantinas;escort\nescort;bakery\nbakery\nescort;unknown\n\nunknown\n"
        found = cleaned(file(text))
        assert list(found.cases["venue"]) == [
            "cantina;escort",
            "escort",
            "unknown",
            "escort",
            "unknown",
        ]
        assert rules(found) == {"venue_unknown": "2 3"}

    def test_a_label_that_holds_the_separator_is_one_label(self, file):
        mapping = Mapping(columns={"venue": "v"}, lists={"venue": ","})
        path = file('v\n"Bars, Strip Clubs, and Cantinas"\n"Escort Services, Cantinas"\n')
        assert column(path, "venue", mapping) == ["bar_club_cantina", "cantina;escort"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("sex;labor", "sex_and_labor"),
            ("Sex and labor", "sex_and_labor"),
            ("other;sex", "sex"),
            ("laboral", "labor"),
            ("Other/Not Specified", "other"),
            ("", "unknown"),
        ],
    )
    def test_a_case_has_one_type(self, file, text, code):
        assert column(file(f"state,trafficking_type\nTexas,{text}\n"), "trafficking_type") == [code]

    def test_value_maps_flags_constants_and_missing_codes(self, file):
        mapping = Mapping(
            columns={"venue": "v", "nationality": "n"},
            constants={"country": "MX"},
            translations={"venue": {"1": "cantina", "2": "escort;street", "9": ""}},
            flags=(
                Flag("sexual", ("1",), "trafficking_type", "sex"),
                Flag("laboral", ("1", "si"), "trafficking_type", "labor"),
            ),
            missing=("-99",),
        )
        found = cleaned(file("v,n,sexual,laboral\n1,-99,1,si\n2,HN,,1\n9,NA,,\n"), mapping)
        cases = found.cases
        assert list(cases["venue"]) == ["cantina", "escort;street", "unknown"]
        assert list(cases["nationality"]) == ["unknown", "HN", "NA"]
        assert list(cases["trafficking_type"]) == ["sex_and_labor", "labor", "unknown"]
        assert set(cases["country"]) == {"MX"}
        assert rules(found) == {}

    def test_a_value_is_translated_once(self, file):
        mapping = Mapping(
            columns={"venue": "v", "state": "s"},
            translations={
                "venue": {"a": "cantina", "cantina": "escort", "b;c": "street;truck_stop"},
                "state": {"Texas": "Utah", "Utah": "Ohio"},
            },
        )
        cases = cleaned(file("v,s\na,Texas\na;street,Utah\nb;c,Iowa\n"), mapping).cases
        assert list(cases["venue"]) == ["cantina", "cantina;street", "street;truck_stop"]
        assert list(cases["state"]) == ["US-UT", "US-OH", "US-IA"]

    def test_filters_keep_and_drop_and_are_told(self, file):
        mapping = Mapping(
            columns={"state": "s"},
            filters=(Filter("d", ("Trata",), keep=True), Filter("e", ("No",), keep=False)),
        )
        found = cleaned(file("s,d,e\nTexas,Trata,Si\nUtah,Robo,Si\nOhio,Trata,No\n"), mapping)
        assert list(found.cases["state"]) == ["US-TX"]
        told = found.notes.query("step == 'filter'")
        assert list(zip(told["rows_in"], told["rows_out"], strict=True)) == [(3, 2), (2, 1)]

    def test_records_need_says_which_rows_are_none(self, file):
        mapping = Mapping(columns={"state": "s"}, records_need=("s", "v"))
        assert column(file("n,s,v\n1,Texas,\n2,,\n3,,x\n"), "row", mapping) == [1, 3]


class TestCounts:
    def test_a_count_column_and_its_zeros_blanks_and_defects(self, file):
        found = cleaned(file("state,cases\nTexas,12\nUtah,0\nOhio,\nIowa,-3\nMaine,2.5\nIdaho,x\n"))
        assert list(found.cases["cases"]) == [12]
        assert rules(found) == {"count_unreadable": "4 5 6"}
        told = found.notes.query("step == 'count'").iloc[0]
        assert (told["rows_in"], told["rows_out"]) == (6, 1)

    def test_wide_months_become_rows_with_a_quarter(self, file):
        months = tuple(f"m{number}" for number in range(1, 13))
        mapping = Mapping(columns={"state": "s"}, year="y", months=months)
        text = f"s,y,{','.join(months)}\nTexas,2015,1,0,2,,,,,,,,,7\nUtah,2016{',1' * 12}\n"
        cases = cleaned(file(text), mapping).cases
        texas = cases[cases["state"] == "US-TX"]
        assert list(texas["period"]) == ["2015-Q1", "2015-Q1", "2015-Q4"]
        assert list(texas["cases"]) == [1, 2, 7]
        assert list(texas["row"]) == [1, 3, 12]
        assert cases.query("state == 'US-UT'")["row"].tolist() == list(range(13, 25))

    def test_no_usable_row_is_an_error_with_its_findings(self, file):
        with pytest.raises(DataError) as raised:
            cleaned(file("state,cases\nTexas,0\nUtah,x\n"))
        assert list(raised.value.findings["rule"]) == ["count_unreadable"]

    @pytest.mark.parametrize("text", ["state,venue\n", "state,venue"])
    def test_a_header_alone_is_no_usable_row(self, file, text):
        with pytest.raises(DataError, match="no usable row"):
            cleaned(file(text))


class TestCases:
    def test_rows_of_one_id_are_one_case_and_a_row_without_id_its_own(self, file):
        found = cleaned(file("case_id,state\nA,Texas\nB,Utah\nA,Ohio\n,Iowa\n,Iowa\n"))
        assert list(found.cases["case"]) == [1, 2, 1, 3, 4]
        assert rules(found) == {"case_id_missing": "4 5"}

    def test_equal_rows_without_ids_are_never_one(self, file):
        assert column(file("state,venue\nTexas,escort\nTexas,escort\n"), "case") == [1, 2]

    def test_rows_of_a_case_share_what_is_the_case_s(self, file):
        text = (
            "case_id,state,date,venue,nationality,trafficking_type,victims\n"
            "A,Texas,2016-05-01,escort,,sex,3\n"
            "A,Utah,2015,cantina,MX,labor,5\n"
            "A,Ohio,2015-11-02,,unknown,,\n"
            "B,Iowa,2014,street,US,other,2\n"
        )
        found = cleaned(file(text))
        rows = found.cases[found.cases["case"] == 1]
        assert set(rows["period"]) == {"2015-Q4"}
        assert set(rows["venue"]) == {"cantina;escort"}
        assert set(rows["nationality"]) == {"MX"}
        assert set(rows["trafficking_type"]) == {"sex_and_labor"}
        assert set(rows["victims"]) == {5}
        assert list(found.cases["state"]) == ["US-TX", "US-UT", "US-OH", "US-IA"]
        assert rules(found) == {"case_differs": "1 2", "victims_differ": "1"}

    def test_the_earliest_period_of_a_case_may_be_a_year(self, file):
        path = file("case_id,date\nA,2015-Q1\nA,2014\nB,2015\nB,2015-Q4\n")
        assert column(path, "period") == ["2014", "2014", "2015-Q4", "2015-Q4"]

    def test_victims_that_are_no_count_are_unknown(self, file):
        found = cleaned(file("state,victims\nTexas,-2\nTexas,3\nTexas,\n"))
        assert found.cases["victims"].isna().tolist() == [True, False, True]
        assert rules(found) == {"victims_unreadable": "1"}

    @pytest.mark.parametrize("cut", [1, 3, 5])
    def test_a_file_cut_in_two_gives_the_cases_of_the_whole(self, file, cut):
        head, *lines = (
            "case_id,state,date,venue,nationality,trafficking_type,victims\n"
            "A,Texas,2016-05-01,escort,,sex,3\n"
            ",Iowa,2012,cantina,US,sex,1\n"
            "A,Utah,2015,cantina,MX,labor,5\n"
            "B,Iowa,2014,street,US,other,2\n"
            ",Iowa,2013,cantina,US,sex,1\n"
            "A,Ohio,2015-11-02,,unknown,,\n"
        ).splitlines(keepends=True)
        whole = cleaned(file(head + "".join(lines)))
        parts = {"x.csv": lines[:cut], "y.csv": lines[cut:]}
        paths = [file(head + "".join(part), name=name) for name, part in parts.items()]
        raws = [(path.name, ingest.read(path)) for path in paths]
        found = ingest.clean_all(raws, ingest.canonical(), VOCAB)
        places = ["file", "row"]
        assert_frame_equal(found.cases.drop(columns=places), whole.cases.drop(columns=places))
        rows = [(name, row + 1) for name, part in parts.items() for row in range(len(part))]
        assert list(zip(found.cases["file"], found.cases["row"], strict=True)) == rows
        for rule in ("case_id_missing", "case_differs", "victims_differ"):
            told = found.findings[found.findings["rule"] == rule]
            told = [
                (f, int(n))
                for f, r in zip(told["file"], told["rows"], strict=True)
                for n in r.split()
            ]
            assert told == [rows[int(n) - 1] for n in rules(whole)[rule].split()]
        shared = found.findings[found.findings["rule"] == "case_in_several_files"]
        assert list(shared["file"]) == ["x.csv", "y.csv"]
        assert shared["count"].sum() == 3

    def test_equal_rows_without_ids_in_two_files_are_never_one(self, file):
        paths = [file("state,venue\nTexas,escort\n", name=name) for name in ("x.csv", "y.csv")]
        raws = [(path.name, ingest.read(path)) for path in paths]
        found = ingest.clean_all(raws, ingest.canonical(), VOCAB)
        assert list(found.cases["case"]) == [1, 2]
        assert found.findings.empty

    def test_tables_fit_their_specifications(self, file):
        found = cleaned(file("state\nTexas\n"))
        for table, spec in (
            (found.cases, CASES),
            (found.findings, FINDINGS),
            (found.notes, NOTES),
        ):
            check(table, spec)


class TestCheck:
    policy = Policy(id="test", audience="staff", k=11, views=())

    def found(self, file, bad: int, good: int = 19) -> pd.DataFrame:
        return cleaned(file("venue\n" + "bakery\n" * bad + "escort\n" * good)).findings

    def test_a_rule_failing_in_more_than_its_share_stops(self, file):
        assert list(judged(self.found(file, 1), self.policy)["severity"]) == ["warning"]
        assert list(judged(self.found(file, 2), self.policy)["severity"]) == ["error"]

    def test_an_accepted_rule_never_stops(self, file):
        findings = judged(self.found(file, 9), self.policy, ["venue_unknown"])
        assert list(findings["severity"]) == ["warning"]

    def test_a_note_never_stops(self, file):
        findings = judged(cleaned(file("date\n2005-2013\n")).findings, self.policy)
        assert list(findings["severity"]) == ["note"]

    def test_accepting_a_rule_that_does_not_exist_is_refused(self, file):
        with pytest.raises(UnusableError, match="nearest: 'venue_unknown'"):
            judged(self.found(file, 1), self.policy, ["venue_unknwon"])


class TestStandard:
    def test_htcds_fields_with_their_labels_below_and_no_person_read(self, file):
        text = (
            "prs_FirstName,prs_Citizenship,vic_TypeOfExploitation,vic_TraffickingStatus,"
            "vic_MethodsOfControl,hte_Country,hte_State\n"
            "First Name,Citizenship,Type of Exploitation,Trafficking Status,"
            "Methods of Control,Country,State\n"
            "Ana,MX;HN,SexualExploitation;ForcedLabour,ActualVictimOfTrafficking,"
            "TakesEarnings;PhysicalAbuse,US,Texas\n"
            "Eva,MX,ForcedLabour,NotAVictimOfTrafficking,,US,Texas\n"
        )
        mapping = ingest.mapping("htcds")
        path = file(text)
        assert "prs_FirstName" not in ingest.read(path, mapping).table
        found = cleaned(path, mapping)
        assert found.cases[["nationality", "trafficking_type", "control", "state"]].to_dict(
            "list"
        ) == {
            "nationality": ["HN;MX"],
            "trafficking_type": ["sex_and_labor"],
            "control": ["economic;physical_abuse"],
            "state": ["US-TX"],
        }
        assert rules(found) == {}


@needs_real
class TestReal:
    def real(self, name: str, mapping: str) -> ingest.Cleaned:
        return cleaned(Path(REAL) / name, ingest.mapping(mapping))

    def test_hotline_counts_sum_to_the_printed_total(self):
        found = self.real("us_hotline_calls_cases_2012_2016.csv", "us_hotline")
        assert found.cases["cases"].sum() == 24_430
        assert found.cases["state"].nunique() == 51
        assert found.findings.empty

    def test_sesnsp_files_by_year(self):
        found = self.real("mx_sesnsp_idefc_2015_2021.csv", "sesnsp")
        years = found.cases.groupby(found.cases["period"].str[:4])["cases"].sum()
        assert list(years) == [415, 383, 304, 387, 545, 553, 621]
        assert found.cases["state"].nunique() == 32
        assert "MX-MEX" in set(found.cases["state"])
        assert found.findings.empty

    def test_mexico_city_s_319_files_have_points_and_quarters(self):
        found = self.real("mx_cdmx_carpetas_2019_2025.csv", "cdmx")
        assert len(found.cases) == 319
        assert set(found.cases["state"]) == {"MX-CMX"}
        assert found.cases["lat"].notna().all()
        assert found.cases["period"].str.contains("Q").all()

    def test_ctdc_keeps_equal_rows_and_takes_bands_for_unknown(self):
        found = self.real("ctdc_vp_synthetic_2022.csv", "ctdc")
        assert len(found.cases) == found.cases["case"].nunique() == 21_195
        assert found.cases["period"].value_counts().to_dict() == {
            "unknown": 16_795,
            "2019": 2_398,
            "2020": 2_002,
        }
        assert set(found.cases["country"]) == {"unknown"}
        assert found.cases["victims_female"].sum() == 9_589
        assert rules(found).keys() == {"date_band"}


def refused(path: Path, mapping: Mapping | None = None) -> str:
    with pytest.raises(UnusableError) as raised:
        ingest.read(path, mapping)
    return str(raised.value)


def test_a_filter_of_a_canonical_file_may_look_at_any_of_its_columns(file):
    path = file("state,delito\nUS-TX,trata\nUS-CA,robo\n")
    mapping = Mapping(identity=True, filters=(Filter("delito", ("trata",), keep=True),))
    assert column(path, "state", mapping) == ["US-TX"]


def test_a_filter_of_a_canonical_file_without_its_column_is_refused(file):
    mapping = Mapping(identity=True, filters=(Filter("delito", ("trata",), keep=True),))
    assert "no column 'delito'" in refused(file("state\nUS-TX\n"), mapping)


def test_a_nul_is_told_by_its_line(file):
    assert "line 3 holds a NUL" in refused(file("state,venue\nUS-TX,bar\nUS-TX,can\0tina\n"))


def test_utf_16_without_a_mark_is_told_what_to_set(file):
    assert "utf-16-le" in refused(file("state\nUS-TX\n", "utf-16-le"))


def test_a_header_below_the_end_of_the_file_is_said_at_once(file):
    far = Mapping(columns={"state": "state"}, header_row=10**12)
    assert "line 1000000000000" in refused(file("state\nUS-TX\n"), far)


def test_a_huge_cell_before_a_stray_quote_is_no_open_quote(file):
    path = file("state,place\n" + f'US-TX,"{"x" * 1_000_000}"\n' + 'US-CA,5" pipe\n')
    assert column(path, "state") == ["US-TX", "US-CA"]


def test_a_long_text_after_a_time_is_read_in_no_time():
    before = time.perf_counter()
    assert period("2015-06-01 " + "T1:11" * 40_000 + "\nx").problem == "impossible"
    assert time.perf_counter() - before < 5


def test_a_name_of_a_column_that_a_terminal_cannot_show_is_not_said(file):
    path = file("state,date,\x1b[31mred," + "z" * 500 + "\nUS-TX,2015,a,b\n")
    (message,) = cleaned(path).findings["message"]
    assert message.endswith("2 of 4 columns have no canonical name and are not read")


def test_a_header_without_rows_says_that_rows_are_missing(file):
    with pytest.raises(DataError, match="expected rows below the header, found none"):
        cleaned(file("state,date\n"))


@pytest.mark.parametrize(
    "values",
    [[{"a": "x"}] * 3, [[["bar"]]] * 3, [b"\xff\xfe"] * 3],
    ids=["structs", "lists of lists", "bytes"],
)
def test_a_parquet_column_of_a_kind_without_text_is_named(tmp_path, values):
    pq.write_table(pa.table({"state": ["US-TX"] * 3, "venue": values}), tmp_path / "cases.parquet")
    assert "column 'venue'" in refused(tmp_path / "cases.parquet")


def test_a_parquet_text_that_is_no_utf_8_is_refused(tmp_path):
    texts = pa.array([b"\xff\xfe"] * 3).view(pa.string())
    pq.write_table(pa.table({"state": texts}), tmp_path / "cases.parquet")
    assert "cannot be read as Parquet" in refused(tmp_path / "cases.parquet")


def test_a_parquet_with_damaged_pages_is_refused(tmp_path):
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"state": [f"US-{n}" for n in range(500)]}), path)
    data = path.read_bytes()
    path.write_bytes(data[:20] + b"\xff" * 200 + data[220:])
    assert "cannot be read as Parquet" in refused(path)


def workbook(path: Path, *sheets: list[list[str]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_sheets_that_are_not_read_are_told(tmp_path):
    rows = [["state"], ["US-TX"]]
    path = workbook(tmp_path / "cases.xlsx", rows, rows)
    found = cleaned(path).findings.set_index("rule")
    assert found.loc["sheet_unread", "severity"] == "note"
    assert "1 more were not" in found.loc["sheet_unread", "message"]
    assert cleaned(path, Mapping(identity=True, sheet="sheet 1")).findings.empty


def test_a_cover_sheet_without_columns_is_told_as_the_first_of_its_sheets(tmp_path):
    path = workbook(tmp_path / "cases.xlsx", [["Read me"]], [["state"], ["US-TX"]])
    assert "the first of 2 sheets" in refused(path)


def test_days_with_different_offsets_keep_their_own_year(file):
    path = file("date\n2015-12-31 23:00 -0500\n2015-06-30 23:00 -0600\n")
    zoned = Mapping(identity=True, dates=("%Y-%m-%d %H:%M %z",))
    assert column(path, "period", zoned) == ["2015-Q4", "2015-Q2"]
