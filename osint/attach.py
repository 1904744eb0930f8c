"""Evidence put to each judgement: what every check has to say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from osint.checks.agreement import check_agreement
from osint.checks.gazetteer_rows import check_rows
from osint.checks.statements import check_statements
from osint.document import Document
from osint.judge import Judged, Judgement, Scene
from osint.statements import Statement


def attach_evidence(
    judged: Judged,
    scene: Scene,
    documents: Sequence[Document],
    statements: Mapping[str, Statement],
) -> Judged:
    """The same judgements with the statements and coordinates they rest on listed as evidence."""
    by_key = {document.key: document for document in documents}

    def with_evidence(judgement: Judgement) -> Judgement:
        if judgement.agreement is not None:
            said = check_agreement(judgement.agreement, judgement.claim.id, statements)
            return replace(judgement, evidence=(*judgement.evidence, *said))
        if judgement.weighed is None:
            return judgement
        return replace(
            judgement,
            evidence=(
                *judgement.evidence,
                *check_statements(judgement.weighed, by_key, statements),
                *check_rows(judgement.weighed, scene.resolution),
            ),
        )

    return replace(judged, judgements=tuple(with_evidence(j) for j in judged.judgements))
