"""``osint claims``: what a text claims, with its character spans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from osint.cli.options import JsonOption, PublishedOption


def claims(
    source: Annotated[Path, typer.Argument(help="A case folder (with case.toml) or a text file.")],
    published: PublishedOption = None,
    json: JsonOption = False,
) -> None:
    """List what a text claims about places, dates and distances."""
    from rich.text import Text

    from osint.article import read_article
    from osint.case import read_case
    from osint.cli.options import published_date
    from osint.cli.output import console, plain, print_json
    from osint.extract import extract

    date = published_date(published)
    if source.is_dir():
        case = read_case(source)
        article = read_article(case.article, source=case.source, published=date or case.published)
    else:
        article = read_article(source, published=date)
    found = extract(article).claims
    if json:
        for claim in found:
            print_json(claim.as_dict())
        return
    screen = console()
    if not found:
        screen.print("The text makes no claim about places that this tool can read.")
    for claim in found:
        fields = ", ".join(
            f"{name}: {_value(value)}" for name, value in claim.own_fields().items() if value
        )
        when = f" [{claim.date}]" if claim.date else ""
        manner = "" if claim.polarity == "affirmed" else " DENIED"
        manner += "" if claim.modality == "stated" else f" {claim.modality}"
        screen.print(Text(plain(f"{claim.id}  {claim.kind}{manner}  {fields}{when}"), style="bold"))
        for start, end in claim.spans:
            screen.print(
                Text(plain(f"    {start}-{end}: {' '.join(article.text[start:end].split())}"))
            )


def _value(value: object) -> str:
    """A claim's field for a reader: metres as kilometres, lists with commas."""
    if isinstance(value, dict):
        parts = [
            f"{name} {number / 1000:g} km"
            if name in {"low", "high", "said"} and number > 360
            else f"{name} {number:g}"
            for name, number in value.items()
            if isinstance(number, int | float)
        ]
        return " ".join(parts)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
