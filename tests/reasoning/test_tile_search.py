"""Which servers are asked for which places and days, and what a chip is said to support."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazetteer.position import Position
from imagery.archive import Archive
from imagery.chip import Chip
from imagery.http import HttpPolicy, Session
from imagery.providers import Provider
from imagery.tile_cache import TileCache
from osint.checks.imagery_cover import cover_of
from osint.claims import DateInterval
from osint.look.tiles import Site, TileSearch
from tests.imagery.tile_server import TileServer, status, tile_server, write_landscape

CENTRE = Position(lon=38.61784, lat=33.50583)
DAY = date(2017, 6, 11)
CLAIMED = DateInterval(first=DAY, last=DAY)


@pytest.fixture(scope="module")
def landscape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raster") / "landscape.tif"
    return write_landscape(path, lon=CENTRE.lon, lat=CENTRE.lat, epsg=32637)


@pytest.fixture
def server(landscape: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TileServer]:
    monkeypatch.delenv("OSINT_OFFLINE")
    with tile_server(landscape) as running:
        yield running


def provider(server: TileServer, id_: str, **more: Any) -> Provider:
    layer = f"{id_}/{{date}}" if more.get("dates") == "daily" else id_
    facts = {
        "id": id_,
        "name": id_,
        "template": server.template(layer=layer),
        "max_zoom": 14,
        "automated": True,
    }
    return Provider.model_validate({**facts, **more})


def site(**more: Any) -> Site:
    facts: dict[str, Any] = {
        "name": "Norvale",
        "centre": CENTRE,
        "size_m": 2_000.0,
        "region_m": 500.0,
        "claimed": CLAIMED,
    }
    return Site(**{**facts, **more})


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(HttpPolicy(allow_private=True, retries=0)) as opened:
        yield opened


def search(
    session: Session, folder: Path, *providers: Provider, budget_s: float = 20.0
) -> TileSearch:
    return TileSearch(
        providers,
        session=session,
        cache=TileCache(folder / "cache"),
        archive=Archive(folder / "evidence"),
        budget_s=budget_s,
        tries=1,
    )


def test_the_days_before_and_after_from_the_first_layer_that_has_them(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    young = provider(server, "young", dates="daily", first=DAY)
    old = provider(server, "old", dates="daily", first=date(2000, 1, 1))
    found = search(session, tmp_path, young, old).look([site()])
    assert [(t.provider.id, t.look.day) for t in found.chips] == [
        ("old", date(2017, 6, 10)),
        ("young", date(2017, 6, 12)),
    ]
    assert found.unreached == ()


def test_the_next_layer_where_the_first_has_a_gap(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    first = provider(server, "first", dates="daily", first=date(2000, 1, 1), max_zoom=12)
    second = provider(server, "second", dates="daily", first=date(2000, 1, 1))
    source = search(session, tmp_path, first, second)
    # Every tile of that level around the place.
    for col in range(2480, 2495):
        for row in range(1635, 1650):
            server.faults[(12, col, row)] = status(404)
    found = source.look([site()])
    assert {t.provider.id for t in found.chips} == {"second"}


def test_without_a_date_only_what_is_bound_to_none(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    daily = provider(server, "daily", dates="daily", first=date(2000, 1, 1))
    undated = provider(server, "undated")
    found = search(session, tmp_path, daily, undated).look([site(claimed=None)])
    assert [t.provider.id for t in found.chips] == ["undated"]
    # One request finds out whether the server is there; it is of the first day and of the world.
    assert {path for path in server.asked if path.startswith("/daily")} <= {
        "/daily/2000-01-01/0/0/0.png"
    }


def test_what_was_used_is_in_the_archive_and_nothing_else(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    source = search(session, tmp_path, provider(server, "a"))
    found = source.look([site(), site(name="the same place")])
    kept = Archive(tmp_path / "evidence").fetches()
    used = {fact.url for tiled in found.chips for fact in tiled.look.tiles}
    assert {k.url for k in kept} == used
    assert len(kept) == len(used)


def test_coarse_tiles_show_more_ground(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    coarse = provider(server, "coarse", max_zoom=9)
    [tiled] = search(session, tmp_path, coarse).look([site()]).chips
    assert min(tiled.chip.shape) >= 63
    assert tiled.size_m > 10_000


def test_places_that_can_be_anywhere_are_left_out(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    found = search(session, tmp_path, provider(server, "a")).look([site(region_m=400_000.0)])
    assert found.chips == ()
    assert found.notes == ("No tiles were asked for of Norvale: it can lie anywhere in 400 km.",)
    assert all(path.endswith("/0/0/0.png") for path in server.asked)


def test_a_pole_is_a_note(server: TileServer, session: Session, tmp_path: Path) -> None:
    pole = site(centre=Position(lon=0.0, lat=89.0))
    found = search(session, tmp_path, provider(server, "a")).look([pole])
    assert found.chips == ()
    assert "latitude 89 is outside of web map tiles" in found.notes[0]


def test_there_is_an_end_to_chips(server: TileServer, session: Session, tmp_path: Path) -> None:
    many = [site(name=f"place {n}") for n in range(20)]
    found = search(session, tmp_path, provider(server, "a")).look(many)
    assert len(found.chips) == 16
    assert len([note for note in found.notes if "enough are shown" in note]) == 4


def test_a_server_that_never_answers_costs_the_budget_once(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    gate = threading.Event()
    server.every = lambda _: (gate.wait(30), (200, b"", "text/plain"))[1]
    try:
        found = search(session, tmp_path, provider(server, "a"), budget_s=0.3).look([site()])
    finally:
        gate.set()
    assert found.chips == ()
    assert found.unreached[0].reason == "no answer in time"
    assert len(server.asked) <= 1


def test_an_archive_that_cannot_be_written_is_a_note(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "evidence").write_text("in the way")
    found = search(session, tmp_path, provider(server, "a")).look([site()])
    assert len(found.chips) == 1
    assert "Tiles were not kept as evidence" in found.notes[0]


def chip(acquired: tuple[date, date] | None, coverage: float = 1.0) -> Chip:
    mask = np.zeros((10, 10), dtype=np.bool_)
    mask.flat[: round(100 * coverage)] = True
    return Chip(
        pixels=np.ones((1, 10, 10), dtype=np.uint8),
        mask=mask,
        transform=(250.0, 0.0, 0.0, 0.0, -250.0, 0.0),
        crs="EPSG:3857",
        gsd_m=250.0,
        acquired=acquired,
        provider="made for a test",
        sources=(),
        coverage=float(mask.mean()),
    )


@pytest.mark.parametrize(
    ("acquired", "supports", "cannot"),
    [
        ((date(2017, 6, 10),) * 2, "the state a day before", "after it was acquired"),
        ((date(2017, 6, 1),) * 2, "the state 10 days before", "after it was acquired"),
        ((date(2017, 6, 12),) * 2, "the state a day after", "stood there by the claimed date"),
        ((DAY, DAY), "the claimed date itself", "who was there"),
        ((date(2016, 1, 1), date(2017, 12, 31)), "some time from 2016-01-01", "any single date"),
        (None, "ground features of about 1,250 m", "any date: it does not say"),
    ],
)
def test_what_a_chip_supports(
    acquired: tuple[date, date] | None, supports: str, cannot: str
) -> None:
    cover = cover_of(chip(acquired), CLAIMED)
    assert supports in cover.supports
    assert cannot in cover.cannot
    # Pixels of 250 m show no base.
    assert "anything smaller than about 1,250 m" in cover.cannot
    assert ("claimed date itself" in cover.supports) == (acquired == (DAY, DAY))


def test_what_lies_outside_of_a_chip_is_said() -> None:
    assert "may lie as well" in cover_of(chip(None), CLAIMED, elsewhere=True).cannot
    assert "may lie as well" not in cover_of(chip(None), CLAIMED).cannot
    assert "the 40% of the area" in cover_of(chip(None, 0.6), CLAIMED).cannot


def test_places_of_one_name_far_apart_are_looked_at_one_by_one() -> None:
    from osint.belief import PointReading, from_points
    from osint.look.imagery import _grounds

    def reading(label: str, lon: float, weight: float) -> PointReading:
        return PointReading(
            label=label, lon=lon, lat=20.0, extent_m=500.0, uncertainty_m=0.0, weight=weight
        )

    apart = [reading("west", 53.0, 0.6), reading("east", 55.0, 0.35), reading("far", 80.0, 0.05)]
    looked = list(_grounds("Cairn", from_points(apart, elsewhere=0.02)))
    assert [name for name, _ in looked] == ["Cairn as west", "Cairn as east"]
    assert all(set(b.lon.round()) == {lon} for (_, b), lon in zip(looked, (53, 55), strict=True))
    near = [reading("west", 53.0, 0.6), reading("east", 53.01, 0.4)]
    assert [name for name, _ in _grounds("Cairn", from_points(near, elsewhere=0.02))] == ["Cairn"]
