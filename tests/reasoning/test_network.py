from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osint.network import Factor, Network, brute_force


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to five variables of up to four states, chained and crossed by up to six factors."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    names = [f"v{i}" for i in range(draw(st.integers(1, 5)))]
    sizes = {name: int(rng.integers(1, 5)) for name in names}
    factors = [Factor(variables=(n,), table=rng.random(sizes[n])) for n in names]
    for _ in range(draw(st.integers(0, 6))):
        if len(names) < 2:
            break
        pair = tuple(rng.choice(names, size=2, replace=False))
        table = rng.random(tuple(sizes[n] for n in pair))
        factors.append(Factor(variables=pair, table=table))
    return Network(sizes, tuple(factors))


@settings(max_examples=60, deadline=None)
@given(networks(), st.data())
def test_elimination_agrees_with_enumeration(network: Network, data: st.DataObject) -> None:
    names = sorted(network.sizes)
    keep = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    found = network.marginal(keep)
    assert not found.approximate
    np.testing.assert_allclose(found.table, brute_force(network, keep), rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_evidence_is_the_sum_over_all_states(network: Network) -> None:
    names = tuple(sorted(network.sizes))
    letters = {name: chr(97 + i) for i, name in enumerate(names)}
    subscripts = ",".join("".join(letters[v] for v in f.variables) for f in network.factors)
    total = np.einsum(f"{subscripts}->", *(f.table for f in network.factors))
    evidence = network.log_evidence()
    assert evidence is not None
    assert np.exp(evidence) == pytest.approx(float(total), rel=1e-9)


def test_propagation_is_exact_on_a_tree_and_says_that_it_propagated() -> None:
    rng = np.random.default_rng(0)
    sizes = {"a": 3, "b": 4, "c": 2}
    network = Network(
        sizes,
        (
            Factor(variables=("a",), table=rng.random(3)),
            Factor(variables=("a", "b"), table=rng.random((3, 4))),
            Factor(variables=("b", "c"), table=rng.random((4, 2))),
        ),
    )
    found = network.marginal(["c"], max_table=1)
    assert found.approximate
    assert found.log_evidence is None
    np.testing.assert_allclose(found.table, brute_force(network, ["c"]), atol=1e-6)


def test_a_table_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="need a table of"):
        Network({"a": 2}, (Factor(variables=("a",), table=np.ones(3)),))
