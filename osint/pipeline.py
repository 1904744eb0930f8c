"""The whole flow on one screen: a case in, a report out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from osint import __version__
from osint.article import Article, read_source
from osint.case import Case
from osint.document import Document
from osint.extract import extract, extract_text
from osint.judge import Judged, Scene, judge, place_beliefs, scene_of
from osint.readings import PlaceIndex, Remembered
from osint.resolve import resolve
from osint.statements import Statement, read_statements

if TYPE_CHECKING:
    from osint.look.tiles import TileSearch
    from osint.report.model import Imagery, Photo, Report, Unreached

ARTICLE_KEY = "article"
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A case's texts, read: the article, the statements, and every document's claims.

    ``notes`` say what a reader of the report should know about how they were read.
    """

    article: Article
    documents: tuple[Document, ...]
    statements: dict[str, Statement]
    notes: tuple[str, ...] = ()


def read_texts(case: Case) -> Read:
    """Read the article and the statements and find their claims."""
    from osint.article.language import other_language

    article = read_source(
        case.article,
        source=case.source,
        published=case.published,
        evidence=case.evidence,
        allow_private=case.allow_private,
    )
    if case.title:
        article = replace(article, title=case.title)
    documents = [
        Document(
            key=ARTICLE_KEY,
            source=article.source,
            origin=article.source,
            text=article.text,
            extraction=extract(article),
        )
    ]
    statements: dict[str, Statement] = {}
    foreign: list[str] = []
    for number, said in enumerate(read_statements(case.statements) if case.statements else (), 1):
        key = f"s{number}"
        statements[key] = said
        other = other_language(said.text)
        if other is not None:
            foreign.append(f"{said.locator or key} ({other.name})")
        extraction = extract_text(
            said.text if other is None else "",
            source=said.source,
            origin=said.origin,
            published=said.published,
            id_prefix=f"{key}.",
        )
        documents.append(
            Document(
                key=key,
                source=said.source,
                origin=said.origin,
                text=said.text,
                extraction=extraction,
            )
        )
    notes = article.notes
    if foreign:
        notes += (f"Not in English and not read: statements {', '.join(foreign)}.",)
    return Read(article=article, documents=tuple(documents), statements=statements, notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A case with everything found out about it: what reports and derivations are made of.

    ``documents`` are the article, then other publishers' statements.
    """

    case: Case
    read: Read
    documents: tuple[Document, ...]
    scene: Scene
    judged: Judged
    photos: tuple[Photo, ...]
    imagery: tuple[Imagery, ...]
    notes: tuple[str, ...]
    unreached: tuple[Unreached, ...] = ()

    def report(self, *, now: datetime | None = None) -> Report:
        """The report, dated ``now``."""
        from osint.report.build import build_report

        return build_report(
            tool=f"osint {__version__}",
            generated_at=now or datetime.now(UTC),
            article=self.read.article,
            documents=self.documents,
            statements=self.read.statements,
            scene=self.scene,
            judged=self.judged,
            photos=self.photos,
            imagery=self.imagery,
            unreached=self.unreached,
            settings=settings_of(self.case),
            notes=self.notes,
        )


def check(
    case: Case,
    gazetteer: PlaceIndex,
    *,
    step: Step = lambda _: None,
    now: datetime | None = None,
) -> Report:
    """Check every claim of a case and report on it, see ``check_case``."""
    return check_case(case, gazetteer, step=step).report(now=now)


def check_case(case: Case, gazetteer: PlaceIndex, *, step: Step = lambda _: None) -> Checked:
    """Check every claim of a case.

    Args:
        case: what to check.
        gazetteer: where names are looked up.
        step: told what is being done, for a progress display.

    Raises:
        InputError: a file of the case cannot be used.
    """
    from osint.look.tiles import tile_search

    # Whether tile servers can be reached is found out while everything else is done.
    with tile_search(case) as tiles:
        return _check_case(case, gazetteer, step, tiles)


def _check_case(case: Case, gazetteer: PlaceIndex, step: Step, tiles: TileSearch | None) -> Checked:
    from osint.attach import attach_evidence
    from osint.look.imagery import look_at_imagery
    from osint.look.photos import look_at_photos

    step("reading the texts")
    read = read_texts(case)
    step("reading the photos")
    looked = look_at_photos(case, read.documents[0], read.article.figures)
    documents = (looked.article, *read.documents[1:])
    step("looking up the places")
    gazetteer = Remembered(gazetteer)
    resolution = resolve(documents, gazetteer, aliases=case.aliases, readings=case.readings)
    scene = scene_of(documents, resolution, gazetteer)
    unaliased = None
    if case.aliases:
        plain = resolve(documents, gazetteer, readings=case.readings)
        unaliased = scene_of(documents, plain, gazetteer)
    step("weighing the claims")
    beliefs = place_beliefs(scene, documents[0].origin)
    photos = looked.findings(scene, beliefs, gazetteer)
    judged = judge(documents, scene, beliefs, photos=photos, unaliased=unaliased)
    judged = attach_evidence(judged, scene, documents, read.statements)
    step("looking at the imagery")
    seen = look_at_imagery(case, scene, judged, tiles)
    return Checked(
        case=case,
        read=read,
        documents=documents,
        scene=scene,
        judged=judged,
        photos=looked.report_photos(),
        imagery=seen.imagery,
        unreached=seen.unreached,
        notes=tuple(
            _notes(case, read, resolution.assumptions, judged.repeated, looked.remarks, seen.notes)
        ),
    )


def settings_of(case: Case) -> dict[str, str | int | float | bool | None]:
    """Every figure that a verdict depends on, by name."""
    from osint import constraints, ground, relate, solve, verdict
    from osint.checks import trust

    return {
        "reliability_stated": relate.RELIABILITY["stated"],
        "reliability_reported": relate.RELIABILITY["reported"],
        "reliability_hedged": relate.RELIABILITY["hedged"],
        "same_sense": solve.SAME_SENSE,
        "named_elsewhere": ground.NAMED_ELSEWHERE,
        "bearing_tail_deg": constraints.BEARING_TAIL_DEG,
        "on_border_m": constraints.ON_BORDER_M,
        "exif_wrong_f": trust.F_WRONG,
        "exif_forged_g": trust.G_FORGED,
        "exif_forged_signed": trust.G_SIGNED,
        "confirm_bayes_factor": verdict.DEFAULT.bayes_factor,
        "confirm_predictive": verdict.DEFAULT.predictive,
        "reading_weight": verdict.DEFAULT.reading_weight,
        "leaning_bayes_factor": verdict.DEFAULT.leaning,
        "gazetteers": ", ".join(path.name for path in case.gazetteers),
        "statements": case.statements.name if case.statements else None,
    }


def _notes(
    case: Case,
    read: Read,
    assumptions: Sequence[str],
    repeated: Sequence[str],
    photo_remarks: Sequence[str],
    imagery_notes: Sequence[str],
) -> list[str]:
    """What a reader of the report should know besides the verdicts."""
    notes = [note.text + (f" ({note.by})" if note.by else "") for note in case.notes]
    notes += [*read.notes, *assumptions]
    if repeated:
        notes.append(
            f"Counted once, because their origin had said the same before: {', '.join(repeated)}."
        )
    if read.article.published is None:
        notes.append(
            "No publication date was given, so dates without a year and words like "
            "'last Friday' could not be placed; give --published."
        )
    return [*notes, *photo_remarks, *imagery_notes]
