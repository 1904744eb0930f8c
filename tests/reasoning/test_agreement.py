"""Sizes of zones and days of events: weighed by what others say of the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osint.agreement import Agreement, same_event, weigh_agreement
from osint.claims import Claim, DatedClaim, DateInterval, Distance, Entity, Extraction, ZoneClaim
from osint.document import Document
from osint.ground import SiteSpec
from osint.resolve import Resolution, Site

TANF = Entity(id="e1", name="al-Tanf", role="site", proper="al-Tanf")
OTHER = Entity(id="e2", name="Hajin", role="site", proper="Hajin")
SITES = {name: Site(id=name, name=name, spec=SiteSpec(id=name)) for name in ("tanf", "hajin")}


def resolution(documents: Sequence[Document]) -> Resolution:
    site_of = {
        (d.key, e.id): {"e1": "tanf", "e2": "hajin"}[e.id] for d in documents for e in (TANF, OTHER)
    }
    return Resolution(sites=SITES, site_of=site_of, assumptions=())


def zone(
    km: float,
    origin: str,
    *,
    centre: Entity = TANF,
    status: str | None = None,
    polarity: str = "affirmed",
) -> ZoneClaim:
    return ZoneClaim(
        id=f"{origin}-{km}",
        text=f"a {km} km zone",
        spans=((0, 5),),
        source=origin,
        origin=origin,
        polarity=polarity,  # type: ignore[arg-type]
        centre=centre,
        radius=Distance(said_m=km * 1e3, low_m=km * 1e3 - 2500, high_m=km * 1e3 + 2500),
        what="exclusion zone",
        status=status,  # type: ignore[arg-type]
    )


def dated(day: str, origin: str, event: str = "army reached the Syrian border") -> DatedClaim:
    on = date.fromisoformat(day)
    return DatedClaim(
        id=f"{origin}-{day}",
        text=event,
        spans=((0, 5),),
        source=origin,
        origin=origin,
        event=event,
        date=DateInterval(first=on, last=on),
    )


def weigh(claim: Claim, *others: Claim) -> Agreement | None:
    documents = [
        Document(
            key=f"d{number}",
            source=said.source,
            origin=said.origin,
            text=said.text,
            extraction=Extraction(claims=(said,), entities=(TANF, OTHER)),
        )
        for number, said in enumerate((claim, *others))
    ]
    return weigh_agreement(claim, documents, resolution(documents))


def factor(claim: Claim, *others: Claim) -> float:
    found = weigh(claim, *others)
    assert found is not None
    return found.answer.bayes_factor


def test_two_others_confirm_a_size_and_contradict_another() -> None:
    two = (zone(55, "a"), zone(55, "b"))
    agreed = weigh(zone(55, "paper"), *two)
    assert agreed is not None
    assert agreed.outcome == "confirmed"
    assert [said.log_lr > 0 for said in agreed.said] == [True, True]
    against = weigh(zone(20, "paper"), *two, zone(55, "c"))
    assert against is not None
    assert against.outcome == "flagged"


def test_that_it_was_proclaimed_is_never_confirmed() -> None:
    found = weigh(zone(55, "paper", status="proclaimed"), zone(55, "a"), zone(55, "b"))
    assert found is not None
    assert found.outcome == "undetermined"
    assert "proclaimed" in found.unchecked


def test_its_own_origin_and_repetitions_do_not_count() -> None:
    assert weigh(zone(55, "paper"), zone(55, "The Paper")) is None
    once = factor(zone(55, "paper"), zone(55, "a"))
    assert factor(zone(55, "paper"), zone(55, "a"), zone(55, "A")) == pytest.approx(once)
    assert factor(zone(55, "paper"), zone(55, "a"), zone(55, "b")) > once


def test_other_zones_and_denials_say_nothing() -> None:
    assert weigh(zone(55, "paper"), zone(55, "a", centre=OTHER)) is None
    assert weigh(zone(55, "paper"), zone(55, "a", polarity="denied")) is None
    assert weigh(zone(55, "paper", polarity="denied"), zone(55, "a")) is None


@given(st.permutations([("a", 55), ("b", 50), ("c", 60)]))
def test_order_does_not_matter(others: list[tuple[str, int]]) -> None:
    said = [zone(km, origin) for origin, km in others]
    reference = factor(zone(55, "paper"), zone(55, "a"), zone(50, "b"), zone(60, "c"))
    assert factor(zone(55, "paper"), *said) == pytest.approx(reference)


def test_days() -> None:
    claim = dated("2017-06-09", "paper")
    same = weigh(claim, dated("2017-06-09", "a"), dated("2017-06-09", "b"))
    assert same is not None
    assert same.outcome == "confirmed"
    other = weigh(claim, dated("2017-06-20", "a"), dated("2017-06-20", "b"))
    assert other is not None
    assert other.outcome == "flagged"
    assert factor(claim, dated("2017-06-10", "a")) < factor(claim, dated("2017-06-09", "a"))


def test_a_date_far_off_does_not_hide_behind_the_range() -> None:
    found = weigh(dated("2017-06-09", "paper"), dated("2011-01-01", "a"), dated("2011-01-01", "b"))
    assert found is not None
    assert found.outcome == "flagged"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "Syrian army reached the Iraqi border",
            "The Syrian army has reached the Iraqi border",
            True,
        ),
        ("second US base was set up", "base set up", True),
        ("army captured Hajin", "army captured Baghuz", False),
        ("army captured Hajin", "market in Hajin reopened", False),
        ("", "army captured Hajin", False),
    ],
)
def test_which_events_are_one(one: str, other: str, same: bool) -> None:
    assert same_event(one, other) is same
    assert same_event(other, one) is same
