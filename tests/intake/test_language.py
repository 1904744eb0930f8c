"""English is read, other languages are named and refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from osint.article.language import other_language
from osint.cli.app import run
from tests.cli.test_check_command import check_json

FRENCH = (
    "Vendredi dernier, l'armée syrienne et ses alliés ont percé jusqu'à la frontière irakienne. "
    "La nouvelle base se trouve à vingt kilomètres seulement de la base américaine."
)
GERMAN = (
    "Am Freitag hat die syrische Armee die Grenze zum Irak erreicht. Der neue Stützpunkt liegt in "
    "der Wüste, nur zwanzig Kilometer von der amerikanischen Basis entfernt, und war im Bau."
)
DUTCH = (
    "Vrijdag bereikte het Syrische leger de grens met Irak. De nieuwe basis is in de woestijn, op "
    "twintig kilometer van de Amerikaanse basis, en had in juni een eigen weg en een garnizoen."
)
SPANISH = (
    "El viernes pasado el ejército sirio y sus aliados llegaron a la frontera con Irak. La nueva "
    "base está a solo veinte kilómetros de la base de los Estados Unidos en el desierto."
)
ARABIC = (
    "وصل الجيش السوري يوم الجمعة إلى الحدود العراقية شرق التنف على بعد عشرين كيلومترا من القاعدة"
)
RUSSIAN = (
    "В пятницу сирийская армия вышла к границе с Ираком, новая база находится в двадцати километрах"
)
CHINESE = "上周五叙利亚军队抵达伊拉克边境新基地距离美国基地只有二十公里位于沙漠之中"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FRENCH, "French"),
        (GERMAN, "German"),
        (DUTCH, "Dutch"),
        (SPANISH, "Spanish"),
        (RUSSIAN, "Russian"),
    ],
)
@pytest.mark.parametrize("times", [1, 4])
def test_other_languages_are_named(text: str, name: str, times: int) -> None:
    found = other_language(" ".join([text] * times))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "La base está a 20 kilómetros de Palmira. Los soldados estaban allí el 11 de junio.",
            "Spanish",
        ),
        (
            "Der Stützpunkt liegt 20 Kilometer von Palmyra entfernt. Die Soldaten waren dort.",
            "German",
        ),
        ("De basis ligt op 20 kilometer van Palmyra en de soldaten waren daar in juni.", "Dutch"),
    ],
)
def test_a_sentence_or_two_are_enough(text: str, name: str) -> None:
    found = other_language(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("text", [ARABIC, CHINESE])
def test_other_scripts_are_enough(text: str) -> None:
    assert other_language(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!! ---",
        "Rebels at al-Zaqaf, June 11",
        "Damascus, Aleppo, Homs, Hama, Raqqa, Deir ez-Zor, Palmyra, Idlib, Latakia, Tartus, Daraa",
        "Kyiv Kharkiv Odesa Mykolaiv Kherson Zaporizhzhia Donetsk Luhansk Mariupol Bakhmut",
        "Norvale lies 100 km south of Sudmere.",
        "The garrison at التنف (al-Tanf) lies near the border with العراق, says كتائب in a post.",
        "Москва",
        "THE NEW BASE LIES JUST 20 KILOMETERS FROM A SECOND BASE. THE SOLDIERS WERE THERE IN JUNE.",
        "33.5, 38.6\n34.2, 39.1\n33.5N 38.6E\n37S CT 12345 67890\n" * 10,
        "Soldiers at Palmyra, June 11\nSmoke over Homs, June 12\nTank near Raqqa\n",
        "base 20 km from palmyra, troops seen moving east toward homs, two trucks destroyed",
        f"The minister said: “{FRENCH}” He then left for the border with his staff, and there the "
        "army was waiting for him, as it had been for a week before that.",
    ],
)
def test_english_passes(text: str) -> None:
    assert other_language(text) is None


def test_no_english_text_of_the_shared_data_is_refused(shared_data: Path) -> None:
    texts = []
    for name in ("toponyms/lgl.jsonl", "toponyms/trnews.jsonl", "claims/incidents.jsonl"):
        with (shared_data / name).open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        texts += [row.get("text") or row.get("caption") or "" for row in rows]
    assert len(texts) > 4_000
    assert [text for text in texts if other_language(text)] == []


@pytest.mark.parametrize("command", ["check", "claims"])
def test_the_commands_refuse_politely(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        content = f"<p>{FRENCH}</p>" if name == "a.html" else FRENCH
        (tmp_path / name).write_text(content, encoding="utf-8")
        more = ["--no-world"] if command == "check" else []
        assert run([command, str(tmp_path / name), *more]) == 2
        told = capsys.readouterr()
        assert told.err.count("\n") == 1 and told.out == ""
        assert name in told.err and "French" in told.err and "translation" in told.err


def test_a_statement_in_another_language_is_a_counted_skip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("Head\n\nNorvale lies 30 km from Sudmere.\n", encoding="utf-8")
    said = [
        {"source": "one", "text": "Norvale is 31 km from Sudmere."},
        {"source": "two", "text": FRENCH},
        {"source": "three", "text": ARABIC},
    ]
    path = tmp_path / "said.jsonl"
    path.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    report = check_json([str(tmp_path / "a.txt"), "--statements", str(path), "--no-world"], capsys)
    told = "\n".join(report["notes"])
    assert "said.jsonl:2 (French)" in told and "said.jsonl:3 (Arabic" in told
    claims = {s["source"]: len(s["claims"]) for s in report["statements"]}
    assert claims.get("one") == 1 and not claims.get("two") and not claims.get("three")


def test_english_loads_no_identifier() -> None:
    code = (
        "import sys; from osint.article.language import other_language;"
        "assert other_language('The army took the town by the river on Monday.') is None;"
        "sys.exit('py3langid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=False)
    assert done.returncode == 0
