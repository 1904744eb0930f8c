"""All statements at once: where each place can be, and how well one claim fits.

The graph has one variable per place and, where a place's name has rival readings, one more per
document that uses the name: a document means one thing by a name, and mostly the same as others do
(the same-sense factor). Each statement is a factor r * ratio + (1 - r). Elimination is exact; only
if a table would not fit does loopy propagation answer, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from osint.answers import Answer, ReadingAnswer, Separation
from osint.belief import Belief, FloatArray
from osint.ground import GroundedSite, SiteSpec, ground_sites
from osint.network import Factor, Marginal, Network
from osint.relation import Geometry, Relation, origin_key

# Share of a belief's mass that may be dropped with the cells that hold least of it.
_DROPPED = 1e-6
# Where refining starts: cells this wide, metres.
COARSEST_M = 4_000.0
# Chance that two documents mean the same thing by one ambiguous name.
SAME_SENSE = 0.95

Table = tuple[tuple[str, ...], FloatArray]


@dataclass(slots=True)
class Model:
    """Places and the statements between them, ready to be asked.

    ``sites`` are the prior beliefs; tables between pairs of places are computed once and kept.
    """

    sites: Mapping[str, GroundedSite]
    relations: tuple[Relation, ...]
    same_sense: float = SAME_SENSE
    _tables: dict[str, FloatArray] = field(default_factory=dict, repr=False)
    _questions: dict[str, tuple[FloatArray, FloatArray]] = field(default_factory=dict, repr=False)
    _alones: dict[tuple[str, int, int], FloatArray] = field(default_factory=dict, repr=False)
    _geometries: dict[tuple[str, str], Geometry] = field(default_factory=dict, repr=False)
    _joints: dict[tuple[tuple[str, ...], tuple[str, ...]], Marginal] = field(
        default_factory=dict, repr=False
    )

    @classmethod
    def build(
        cls,
        specs: Sequence[SiteSpec],
        relations: Sequence[Relation],
        *,
        spacing_m: float,
        margin_m: float = 0.0,
        same_sense: float = SAME_SENSE,
    ) -> Model:
        """Ground every place (see ``ground_sites``); statements are kept in an order of their own.

        A place of which no spec speaks is one of which nothing is known.
        """
        ordered = tuple(sorted(relations, key=lambda r: (r.origin, r.document, r.id)))
        sites = ground_sites(specs, ordered, spacing_m=spacing_m, margin_m=margin_m)
        return cls(sites, ordered, same_sense)

    def with_displaced(self, site: str, *, east_m: float, north_m: float, claim: Relation) -> Model:
        """The same places with one of them moved; tables that do not touch it are kept.

        So is what ``claim`` asks, unless it is asked of the moved place.
        """
        sites = dict(self.sites)
        sites[site] = replace(
            sites[site], belief=sites[site].belief.shifted(east_m=east_m, north_m=north_m)
        )
        kept = {
            r.id: self._tables[r.id]
            for r in self.relations
            if r.id in self._tables and site not in (r.a, r.b)
        }
        asked = self._questions.get(claim.id)
        questions = {claim.id: asked} if asked and site not in (claim.a, claim.b) else {}
        alones = {key: ratio for key, ratio in self._alones.items() if key[0] != site}
        near = {key: geometry for key, geometry in self._geometries.items() if site not in key}
        return Model(sites, self.relations, self.same_sense, kept, questions, alones, near)

    # -- asking ---------------------------------------------------------------------------------

    def ask(self, claim: Relation, relations: Sequence[Relation] | None = None) -> Answer:
        """The claim's Bayes factor and predictive probability given ``relations``.

        ``relations`` are this model's own where not given. The claim itself, and everything of its
        origin, must not be among them; ``independent_of`` sees to that.
        """
        given = self.relations if relations is None else tuple(relations)
        (variables, ratio), (_, inside) = self._question(claim)
        joint = self._joint(claim, given, variables)
        return Answer(
            bayes_factor=float(np.vdot(joint.table, ratio)),
            predictive=min(float(np.vdot(joint.table, inside)), 1.0),
            approximate=joint.approximate,
        )

    def ask_by_reading(
        self, claim: Relation, relations: Sequence[Relation] | None = None
    ) -> tuple[ReadingAnswer, ...]:
        """The same under each reading of each ambiguous place that bears on the claim."""
        given = self.relations if relations is None else tuple(relations)
        base = self._network(given, claim)
        ratio, inside = self._question(claim)
        answers: list[ReadingAnswer] = []
        reached = base.connected_to(ratio[0])
        for site in sorted(name for name in reached.sizes if name in self.sites):
            belief = self.sites[site].belief
            if len(belief.readings) < 2:
                continue
            # What the claim's own text means by the name, where it is one of the claim's ends.
            variable = self._variable(claim, site) if site in (claim.a, claim.b) else site
            weights = base.marginal((variable,))
            with_ratio = _with(base, ratio).marginal((variable,))
            with_inside = _with(base, inside).marginal((variable,))
            if None in (weights.log_evidence, with_ratio.log_evidence, with_inside.log_evidence):
                continue
            masses = _by_reading(belief, weights.table)
            fit = _by_reading(belief, with_ratio.table) * _scale(with_ratio, weights)
            band = _by_reading(belief, with_inside.table) * _scale(with_inside, weights)
            answers.extend(
                ReadingAnswer(
                    site=site,
                    reading=reading,
                    weight=float(mass),
                    answer=Answer(
                        bayes_factor=float(b / mass),
                        predictive=float(min(p / mass, 1.0)),
                    ),
                )
                for reading, mass, b, p in zip(belief.readings, masses, fit, band, strict=True)
                if mass > 1e-9
            )
        return tuple(answers)

    def separation(
        self, claim: Relation, relations: Sequence[Relation] | None = None
    ) -> Separation | None:
        """Distribution of the distance the claim speaks of; None for a claim to a border."""
        if claim.b is None:
            return None
        given = self.relations if relations is None else tuple(relations)
        table = self._joint(claim, given, self._states(claim)).table
        geometry = self._geometry(claim)
        if geometry is None:
            return None
        placed = table[:-1, :-1]
        return Separation.of(geometry.distance_m, geometry.half_width_m, placed)

    def posterior(self, site: str, relations: Sequence[Relation] | None = None) -> Belief:
        """Where a place is, given ``relations`` (this model's own where not given)."""
        given = self.relations if relations is None else tuple(relations)
        belief = self.sites[site].belief
        network = self._network(given, None)
        if site not in network.sizes:
            return belief
        return belief.with_masses(network.marginal((site,)).table)

    def halved(self, given_sets: Sequence[Sequence[Relation]]) -> Model:
        """The model with every cell that matters under some set of statements cut in four.

        Cells that hold next to nothing under each of the sets are not carried along.
        """
        sites = dict(self.sites)
        distinct = {tuple(r.id for r in given): tuple(given) for given in given_sets}
        for name, site in self.sites.items():
            if site.spacing_m is None:
                continue
            kept = np.zeros(site.belief.lon.size, dtype=bool)
            for given in distinct.values():
                mass = self.posterior(name, given).weight
                order = np.argsort(-mass, kind="stable")
                enough = np.searchsorted(np.cumsum(mass[order]), mass.sum() * (1 - _DROPPED)) + 1
                kept[order[:enough]] = True
            sites[name] = site.subdivided(kept)
        return Model(sites, self.relations, self.same_sense)

    def log_all_true(self, relations: Sequence[Relation]) -> float | None:
        """Logarithm of Z(all of ``relations`` true): their ratios, averaged over the priors."""
        tables = [self._relation_table(r, certain=True) for r in relations]
        return self._assembled(tables, relations).log_evidence()

    # -- building -------------------------------------------------------------------------------

    def _variable(self, relation: Relation, site: str) -> str:
        """The variable a document's word for a place stands for.

        Only rival rows of a gazetteer make a name ambiguous. Cells are shared: where a place that
        is (also) described lies, it lies for everybody who speaks of it.
        """
        grounded = self.sites[site]
        if len(grounded.belief.readings) < 2 or grounded.spacing_m is not None:
            return site
        return f"{site}\u241f{relation.document}"

    def _states(self, relation: Relation) -> tuple[str, ...]:
        names = [self._variable(relation, relation.a)]
        if relation.b is not None:
            names.append(self._variable(relation, relation.b))
        return tuple(names)

    def _ratio_table(self, relation: Relation) -> FloatArray:
        """Ratios over the positions only, kept from one question to the next."""
        table = self._tables.get(relation.id)
        if table is None:
            table = relation.ratio(self._geometry(relation), self._alone(relation))
            self._tables[relation.id] = table
        return table

    def _geometry(self, relation: Relation) -> Geometry | None:
        """How the relation's two places lie to each other, measured once for all statements."""
        if relation.b is None:
            return None
        key = (relation.a, relation.b)
        known = self._geometries.get(key)
        if known is None or (relation.cone is not None and known.azimuth_deg is None):
            a, b = (self.sites[site].belief for site in key)
            wanted = relation.cone is not None or any(
                r.cone is not None for r in self.relations if (r.a, r.b) == key
            )
            known = self._geometries[key] = Geometry.between(a, b, azimuths=wanted)
        return known

    def _alone(self, relation: Relation) -> FloatArray | None:
        """What border and area say over the positions of the relation's place, measured once."""
        if relation.border is None and relation.within is None:
            return None
        key = (relation.a, id(relation.border), id(relation.within))
        ratio = self._alones.get(key)
        if ratio is None:
            ratio = relation.ratio_alone(self.sites[relation.a].belief)
            self._alones[key] = ratio
        return ratio

    def _relation_table(self, relation: Relation, *, certain: bool = False) -> Table:
        """R * ratio + (1 - r) over the states, elsewhere last; the ratio alone if ``certain``."""
        ends = [relation.a] + ([relation.b] if relation.b is not None else [])
        # A described place that is elsewhere makes its description false; of a named place that
        # is elsewhere the statement says nothing either way.
        padded = _padded(
            self._ratio_table(relation),
            [0.0 if self.sites[site].described else 1.0 for site in ends],
        )
        if certain:
            return self._states(relation), padded
        r = relation.reliability
        return self._states(relation), r * padded + (1 - r)

    def _question(self, claim: Relation) -> tuple[Table, Table]:
        """The claim's ratio and decision band as tables; elsewhere counts as unknown."""
        variables = self._states(claim)
        asked = self._questions.get(claim.id)
        if asked is None:
            geometry = self._geometry(claim)
            inside, unknown = claim.inside(self.sites[claim.a].belief, geometry)
            ratio = claim.ratio(geometry, self._alone(claim))
            asked = (
                _padded(ratio, [1.0] * len(variables)),
                _padded(inside, [unknown] * len(variables)),
            )
            self._questions[claim.id] = asked
        return (variables, asked[0]), (variables, asked[1])

    def _joint(
        self, claim: Relation, given: tuple[Relation, ...], variables: tuple[str, ...]
    ) -> Marginal:
        """Joint of the claim's endpoints; claims between the same endpoints share it."""
        key = (variables, tuple(r.id for r in given))
        joint = self._joints.get(key)
        if joint is None:
            joint = self._network(given, claim).marginal(variables)
            self._joints[key] = joint
        return joint

    def _network(self, relations: Sequence[Relation], claim: Relation | None) -> Network:
        tables = [self._relation_table(r) for r in relations]
        return self._assembled(tables, [*relations, *([claim] if claim else [])])

    def _assembled(self, tables: Sequence[Table], relations: Sequence[Relation]) -> Network:
        """Places' priors, same-sense factors and the statements' tables as one network."""
        sizes: dict[str, int] = {}
        factors: list[Factor] = []
        for relation in relations:
            for site in (relation.a, relation.b):
                if site is None:
                    continue
                belief = self.sites[site].belief
                if site not in sizes:
                    sizes[site] = belief.size
                    factors.append(Factor(variables=(site,), table=belief.masses))
                variable = self._variable(relation, site)
                if variable not in sizes:
                    sizes[variable] = belief.size
                    tied = self.same_sense * np.eye(belief.size)
                    tied += (1 - self.same_sense) * belief.masses[None, :]
                    factors.append(Factor(variables=(site, variable), table=tied))
        for variables, table in tables:
            factors.append(Factor(variables=variables, table=table))
        return Network(sizes, tuple(factors))


def independent_of(origins: Sequence[str], relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """Everything that was not first said by one of ``origins``: no claim is evidence for itself."""
    own = {origin_key(origin) for origin in origins}
    return tuple(r for r in relations if origin_key(r.origin) not in own)


def _padded(table: FloatArray, elsewhere: Sequence[float]) -> FloatArray:
    """The table with one more state per axis; pairs with several take the smallest value."""
    shape = tuple(n + 1 for n in table.shape)
    padded = np.full(shape, min(elsewhere))
    padded[tuple(slice(0, n) for n in table.shape)] = table
    if table.ndim == 2:
        padded[-1, :-1] = elsewhere[0]
        padded[:-1, -1] = elsewhere[1]
    return padded


def _with(network: Network, table: Table) -> Network:
    return Network(network.sizes, (*network.factors, Factor(variables=table[0], table=table[1])))


def _scale(after: Marginal, before: Marginal) -> float:
    """Ratio of two marginals' total masses; 0 where the first holds none."""
    if after.log_evidence is None or before.log_evidence is None:
        return 0.0
    return (
        0.0
        if np.isneginf(before.log_evidence)
        else float(np.exp(after.log_evidence - before.log_evidence))
    )


def _by_reading(belief: Belief, table: FloatArray) -> FloatArray:
    """(readings,) masses from a table over a belief's states."""
    masses: FloatArray = np.bincount(
        belief.reading, weights=table[:-1], minlength=len(belief.readings)
    ).astype(np.float64)
    return masses
