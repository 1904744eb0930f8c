from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Name, Record
from gazetteer.sources import gns
from gazetteer.sources.open import open_reader

OLD = (
    "RC\tUFI\tUNI\tLAT\tLONG\tDMS_LAT\tDMS_LONG\tMGRS\tJOG\tFC\tDSG\tPC\tCC1\tADM1\tPOP\tELEV\tCC2\t"
    "NT\tLC\tSHORT_FORM\tGENERIC\tSORT_NAME_RO\tFULL_NAME_RO\tFULL_NAME_ND_RO\tSORT_NAME_RG\t"
    "FULL_NAME_RG\tFULL_NAME_ND_RG\tNOTE\tMODIFY_DATE\tDISPLAY\tNAME_RANK\tNAME_LINK\tTRANSL_CD\t"
    "NM_MODIFY_DATE\tF_EFCTV_DT\tF_TERM_DT"
)
NEW = (
    "rk\tufi\tuni\tfull_name\tnt\tlat_dd\tlong_dd\tefctv_dt\tterm_dt_f\tdesig_cd\tfc\tcc_ft\tadm1\t"
    "ft_link\tname_rank\tlang_cd\ttransl_cd\tscript_cd\tname_link\tcc_nm\tgeneric\tmgrs"
)


def line(header: str, **cells: str) -> str:
    names = header.split("\t")
    assert set(cells) <= set(names)
    return "\t".join(cells.get(name, "") for name in names)


def old(ufi: int, name: str, kind: str, **more: str) -> str:
    given = {"UFI": str(ufi), "UNI": "1", "FULL_NAME_RO": name, "NT": kind, "LAT": "33.4883"}
    given |= {"LONG": "38.65697", "FC": "P", "DSG": "PPL", "CC1": "SY", "ADM1": "13"}
    return line(OLD, **(given | more))


def new(ufi: int, name: str, kind: str, **more: str) -> str:
    given = {"ufi": str(ufi), "uni": "1", "full_name": name, "nt": kind, "lat_dd": "33.4883"}
    given |= {"long_dd": "38.65697", "fc": "T", "desig_cd": "HLL", "cc_ft": "IRQ", "adm1": "IZ01"}
    return line(NEW, **(given | more))


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "sy.txt"
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def test_old_layout(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        OLD,
        old(-10, "Tanif", "V", LC="ara"),
        old(-10, "التنف", "NS", LC="ara"),
        old(-10, "At Tanf", "N", LC="ara"),
        old(-10, "Old Tanf", "H", F_TERM_DT="1970-05"),
        old(-11, "Tall", "N", FC="T", DSG="HLL", CC1="IZ,SY"),
    )
    reader = open_reader(path)
    tanf, hill = reader.rows()
    assert isinstance(tanf, Record)
    assert isinstance(hill, Record)
    assert tanf.names == (
        Name(text="At Tanf", language="ara", preferred=True),
        Name(text="Tanif", language="ara"),
        Name(text="Old Tanf", historic=True, valid=(None, date(1970, 5, 31))),
        Name(text="التنف", language="ara", preferred=True),
    )
    assert (tanf.source_id, tanf.kind, tanf.country) == ("-10", "populated_place", "SY")
    assert (hill.kind, hill.country, hill.same_as) == ("hill", "IQ", ("gns:-11",))
    assert reader.provenance.key == "gns:sy"


def test_new_layout(tmp_path: Path) -> None:
    path = write(tmp_path, NEW, new(5, "Tall", "N"), new(5, "تل", "NS", lang_cd="ara"))
    (hill,) = open_reader(path).rows()
    assert isinstance(hill, Record)
    assert [name.text for name in hill.names] == ["Tall", "تل"]
    assert (hill.kind, hill.country, hill.feature) == ("hill", "IQ", "T.HLL")


def test_rows_apart_meet_and_too_far_apart_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gns, "WINDOW", 3)
    lines = [OLD, old(1, "A", "N"), old(2, "B", "N"), old(1, "Aa", "V")]
    lines += [old(number, "x", "N") for number in range(3, 8)]
    lines += [old(1, "Aaa", "V"), old(2, "Bb", "V", LAT="34")]
    rows = list(open_reader(write(tmp_path, *lines)).rows())
    places = [row for row in rows if isinstance(row, Record)]
    assert [row.source_id for row in places] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [name.text for name in places[0].names] == ["A", "Aa"]
    bad = {row.line: row.why for row in rows if isinstance(row, BadRow)}
    assert list(bad) == [10, 11]
    assert "sort the file by UFI" in bad[10]


def test_bad_rows(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        OLD,
        old(1, "A", "N", LAT="4239.00416"),
        old(2, "", "N"),
        "1\t2",
        old(3, "C", "N", UFI="x"),
        old(4, "D", "N"),
    )
    rows = list(open_reader(path).rows())
    assert [row.line for row in rows if isinstance(row, BadRow)] == [2, 3, 4, 5]
    assert sum(isinstance(row, Record) for row in rows) == 1


def test_a_header_without_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(GazetteerFileError, match="no column for lat, lon"):
        list(
            open_reader(write(tmp_path, OLD.replace("LAT\tLONG", "X\tY"), old(1, "A", "N"))).rows()
        )
