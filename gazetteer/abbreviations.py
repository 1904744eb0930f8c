"""Abbreviations of states and provinces as newspapers write them: "Ky." is Kentucky.

The traditional ones of American and Canadian news style, with their points, and the two letters of
the postal services. Only a spelling with its capitals (and, where it has them, its points) counts:
"in." and "ore" are words.
"""

from __future__ import annotations

from functools import cache

_UNITED_STATES = (
    "Alabama Ala. AL;Alaska AK;Arizona Ariz. AZ;Arkansas Ark. AR;California Calif. Cal. CA;"
    "Colorado Colo. CO;Connecticut Conn. CT;Delaware Del. DE;District-of-Columbia D.C. DC;"
    "Florida Fla. FL;Georgia Ga. GA;Hawaii HI;Idaho ID;Illinois Ill. IL;Indiana Ind. IN;Iowa IA;"
    "Kansas Kan. Kans. KS;Kentucky Ky. KY;Louisiana La. LA;Maine ME;Maryland Md. MD;"
    "Massachusetts Mass. MA;Michigan Mich. MI;Minnesota Minn. MN;Mississippi Miss. MS;"
    "Missouri Mo. MO;Montana Mont. MT;Nebraska Neb. Nebr. NE;Nevada Nev. NV;New-Hampshire N.H. NH;"
    "New-Jersey N.J. NJ;New-Mexico N.M. NM;New-York N.Y. NY;North-Carolina N.C. NC;"
    "North-Dakota N.D. ND;Ohio OH;Oklahoma Okla. OK;Oregon Ore. OR;Pennsylvania Pa. Penn. PA;"
    "Rhode-Island R.I. RI;South-Carolina S.C. SC;South-Dakota S.D. SD;Tennessee Tenn. TN;"
    "Texas Tex. TX;Utah UT;Vermont Vt. VT;Virginia Va. VA;Washington Wash. WA;"
    "West-Virginia W.Va. WV;Wisconsin Wis. WI;Wyoming Wyo. WY"
)
_CANADA = (
    "Alberta Alta. AB;British-Columbia B.C. BC;Manitoba Man. MB;New-Brunswick N.B. NB;"
    "Nova-Scotia N.S. NS;Ontario Ont. ON;Prince-Edward-Island P.E.I. PE;Quebec Que. QC;"
    "Saskatchewan Sask. SK"
)


@cache
def _table() -> dict[str, tuple[str, str]]:
    table = {}
    for country, rows in (("US", _UNITED_STATES), ("CA", _CANADA)):
        for row in rows.split(";"):
            name, *short = row.split()
            for spelling in short:
                table[spelling] = (name.replace("-", " "), country)
    return table


def spelled_out(text: str) -> tuple[str, str] | None:
    """Name and country code of the state or province that an abbreviation means, or None.

    A point at the end may be missing, since it may have been taken for the sentence's.
    """
    short = text.replace(" ", "")
    return _table().get(short) or _table().get(f"{short}.")
