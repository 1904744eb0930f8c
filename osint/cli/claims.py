"""``osint claims``: what a text claims, with its character spans."""

from __future__ import annotations

from osint.cli.options import AllowPrivateOption, JsonOption, PublishedOption, SourceArgument


def claims(
    source: SourceArgument,
    published: PublishedOption = None,
    allow_private: AllowPrivateOption = False,
    json: JsonOption = False,
) -> None:
    """List what a text claims about places, dates and distances."""
    from rich.text import Text

    from osint.article import read_source
    from osint.cli.options import published_date
    from osint.cli.output import console, plain, print_json
    from osint.extract import extract
    from osint.intake import case_of

    date = published_date(published)
    case = case_of(source)
    article = read_source(
        case.article,
        source=case.source,
        published=date or case.published,
        pictures=False,
        allow_private=allow_private,
    )
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
            f"{name.removesuffix('_m').removesuffix('_deg')}: {_value(value)}"
            for name, value in claim.own_fields().items()
            if value
        )
        when = f" [{claim.date}]" if claim.date else ""
        manner = "" if claim.polarity == "affirmed" else " DENIED"
        manner += "" if claim.modality == "stated" else f" {claim.modality}"
        head = Text(plain(f"{claim.id}  {claim.kind}{manner}  {fields}{when}"), style="bold")
        screen.print(head, soft_wrap=True)
        for start, end in claim.spans:
            said = " ".join(article.text[start:end].split())
            screen.print(Text(plain(f"    {start}-{end}: {said}")), soft_wrap=True)


def _value(value: object) -> str:
    """A field for a reader: distances in kilometres, sectors in degrees, lists spelt out."""
    if isinstance(value, dict):
        low, high = value.get("low"), value.get("high")
        if "said" not in value:
            return f"{low:g} to {high:g} deg"
        said = f"{value['said'] / 1000:g} km"
        if low is None:
            return f"{said} or less"
        if high is None:
            return f"{said} or more"
        return f"{said} ({low / 1000:g} to {high / 1000:g} km)"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
