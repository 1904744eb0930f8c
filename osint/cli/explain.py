"""``osint check --explain ID``: how one verdict came about, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osint.errors import UsageError

if TYPE_CHECKING:
    from osint.derivation import Step
    from osint.pipeline import Checked

_MOST_NAMED = 12


def steps_of(checked: Checked, claim_id: str) -> tuple[Step, ...]:
    """The derivation of the verdict on one claim.

    Raises:
        UsageError: the text has no such claim.
    """
    from osint.derivation import derive

    for judgement in checked.judged.judgements:
        if judgement.claim.id == claim_id:
            return derive(judgement, checked.judged, checked.scene, checked.documents)
    known = [judgement.claim.id for judgement in checked.judged.judgements]
    if not known:
        raise UsageError(f"--explain {claim_id!r:.40}: no claim was found in this text")
    named = ", ".join(known[:_MOST_NAMED]) + (", ..." if len(known) > _MOST_NAMED else "")
    raise UsageError(f"--explain {claim_id!r:.40}: no such claim; this text has {named}")


def show_derivation(steps: tuple[Step, ...], claim_id: str, *, json: bool) -> None:
    """Print a derivation: a table, or with ``json`` one step a line."""
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import console, plain, print_json

    if json:
        for step in steps:
            print_json({"claim": claim_id, **step.as_dict()})
        return
    screen = console()
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("", no_wrap=True, style="bold")
    table.add_column(f"how the verdict on {claim_id} came about", overflow="fold")
    table.add_column("factor", justify="right", no_wrap=True)
    table.add_column("source", overflow="fold", max_width=34)
    about = ""
    for step in steps:
        table.add_row(
            step.about if step.about != about else "",
            Text(plain(step.text)),
            "" if step.factor is None else f"{step.factor:.3g}",
            Text(plain(step.source)),
        )
        about = step.about
    screen.print(table)
    factors = [step.factor for step in steps if step.factor is not None]
    if len(factors) > 1:
        screen.print("The factors multiply to the Bayes factor of the claim.")
