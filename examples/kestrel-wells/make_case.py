"""Makes everything in this folder but this script and README.md: an invented case, to be checked.

    python examples/kestrel-wells/make_case.py [FOLDER]

Run it twice and every byte is the same: what looks like chance is drawn from a seed. The places lie
in desert where there is nothing; they, the publishers and the events are invented, and every
picture has SYNTHETIC drawn into it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from draw_imagery import write_raster
from draw_photos import PHOTOS, write_photo

PUBLISHED = "2021-03-14"
TITLE = "A Drilling Camp Where the Map Shows Only Sand"

_ATLAS = "Atlas of Invented Places (synthetic)"
# Name, latitude, longitude, kind, source, note.
PLACES = (
    ("Nightjar Ridge", "20.3135", "53.6890", "village", _ATLAS, "invented"),
    ("Saltlark Field", "20.4200", "54.2000", "airfield", _ATLAS, "invented"),
    ("Tallow Gap", "19.5667", "53.7000", "crossing", _ATLAS, "invented; on a border that is real"),
    ("Hollow Cairn", "19.9800", "53.3000", "village", _ATLAS, "invented"),
    (
        "Hollow Cairn",
        "20.7300",
        "54.4700",
        "village",
        "Ledger of Invented Wells (synthetic)",
        "invented; a rival position",
    ),
)

# Who published, who said it first (None: the publisher itself), when, what.
STATEMENTS = (
    (
        "Sandgrouse Wire (synthetic)",
        None,
        "2021-03-10",
        "Kestrel Wells lies 49 km south of Saltlark Field. "
        "An exclusion zone of 30 km was declared around Kestrel Wells.",
    ),
    (
        "Morning Mirage (synthetic)",
        "Sandgrouse Wire (synthetic)",
        "2021-03-11",
        "Kestrel Wells lies 49 km from Saltlark Field.",
    ),
    (
        "The Longitude Post (synthetic)",
        None,
        "2021-03-12",
        "Kestrel Wells is some 59 km northeast of Tallow Gap. "
        "The drilling camp at Kestrel Wells was set up on 4 March 2021.",
    ),
    (
        "Dune and Data (synthetic)",
        None,
        "2021-03-12",
        "Kestrel Wells lies 46 km from Nightjar Ridge. "
        "A 30 km exclusion zone surrounds Kestrel Wells.",
    ),
    (
        "Mirage Bulletin (synthetic)",
        None,
        "2021-03-13",
        "Kestrel Wells lies 120 km west of Nightjar Ridge.",
    ),
)

DECK = "An invented report about invented places, written to be checked (synthetic)"
PARAGRAPHS = (
    "The drilling camp at Kestrel Wells was set up on 4 March 2021. Kestrel Wells lies in "
    "southeastern Saudi Arabia.",
    "Kestrel Wells lies 46 kilometers southeast of Nightjar Ridge. Kestrel Wells lies south of "
    "Saltlark Field. The airfield is no help to the drillers: Saltlark Field lies 55 kilometers "
    "from Nightjar Ridge.",
    "Tallow Gap lies just 25 kilometers from Nightjar Ridge. The crossing at Tallow Gap lies on "
    "the border between Oman and Saudi Arabia. Hollow Cairn lies 45 kilometers from Saltlark "
    "Field. Probably Hollow Cairn lies in Oman.",
    "The survey has declared an exclusion zone of 30 kilometers around Kestrel Wells. There is no "
    "exclusion zone of 30 kilometers around Nightjar Ridge.",
)

CASE = f"""\
# An invented case. make_case.py in this folder made this file and all the others.
title = "{TITLE}"
source = "The Invented Courier (synthetic)"
published = "{PUBLISHED}"
article = "article.html"
photos = "photos"
statements = "statements.jsonl"
gazetteers = ["places.csv"]

[[imagery]]
file = "imagery/before.tif"
acquired = "2021-02-20"
source = "synthetic raster, drawn by make_case.py"

[[imagery]]
file = "imagery/after.tif"
acquired = "2021-03-12"
source = "synthetic raster, drawn by make_case.py"

[[note]]
text = "All of this case is invented; every picture of it has SYNTHETIC drawn into it."
by = "the authors of this example"
"""


def places() -> str:
    """The gazetteer: CSV, every position known to 100 m."""
    rows = [
        f"{name},{lat},{lon},{kind},SA,100,{source},{note}"
        for name, lat, lon, kind, source, note in PLACES
    ]
    return "\n".join(["name,lat,lon,kind,country,uncertainty_m,source,note", *rows]) + "\n"


def statements() -> str:
    """The statements file: JSON lines."""
    lines = []
    for source, origin, published, text in STATEMENTS:
        said = {"source": source, "origin": origin or source, "published": published, "text": text}
        lines.append(json.dumps(said, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def article() -> str:
    """The article as a page: paragraphs, then each photo with its caption."""
    body = "\n".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    figures = "\n".join(
        f'<figure><img src="photos/{photo.file}" alt="{photo.shows} (synthetic)">'
        f"<figcaption>{photo.caption}</figcaption></figure>"
        for photo in PHOTOS
    )
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{TITLE}</title>
<meta property="article:published_time" content="{PUBLISHED}">
<meta property="og:site_name" content="The Invented Courier (synthetic)">
</head>
<body>
<article>
<h1>{TITLE}</h1>
<p class="deck">{DECK}</p>
{body}
{figures}
</article>
</body>
</html>
"""


def make(folder: Path) -> None:
    """Write the whole case into ``folder``."""
    for name in ("photos", "imagery"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("article.html", article()),
        ("places.csv", places()),
        ("statements.jsonl", statements()),
        ("case.toml", CASE),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for photo in PHOTOS:
        write_photo(photo, folder / "photos" / photo.file)
    write_raster(folder / "imagery" / "before.tif", camp=False)
    write_raster(folder / "imagery" / "after.tif", camp=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
