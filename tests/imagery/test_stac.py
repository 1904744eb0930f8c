"""Catalogues of scenes: APIs, static catalogues and folders, well-formed, recorded and hostile."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagery.errors import ImageryError, StacError
from imagery.fetcher import Fetcher
from imagery.http import HttpPolicy, Session
from imagery.stac import MOST_SCENES, StacCatalogue
from imagery.stac_item import boxes_meet, read_box, read_item, read_moment
from tests.imagery.stac_server import (
    Answer,
    Item,
    StacServer,
    answering,
    dripping,
    send_json,
    stac_server,
)

WORLD = (-180.0, -90.0, 180.0, 90.0)
ALWAYS = (date(1970, 1, 1), date(2026, 1, 1))


def item(number: int = 0, **properties: Any) -> Item:
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": f"scene-{number}",
        "collection": "synthetic",
        "geometry": None,
        "bbox": [38.0, 33.0, 39.0, 34.0],
        "properties": {"datetime": f"2020-01-{number % 28 + 1:02}T10:00:00Z", **properties},
        "links": [],
        "assets": {"red": {"href": f"/scene-{number}/red.tif"}},
    }


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    policy = HttpPolicy(allow_private=True, retries=0, total_timeout_s=20)
    with Session(policy, sleep=lambda _: None) as session:
        yield Fetcher(session)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StacServer]:
    with stac_server([item(n) for n in range(25)], tmp_path, page=10) as running:
        yield running


def test_an_api_is_searched_page_by_page(server: StacServer, fetcher: Fetcher) -> None:
    found = StacCatalogue(server.url(), fetcher=fetcher, name="loopback").search(
        (38.4, 33.4, 38.6, 33.6), (date(2020, 1, 1), date(2020, 1, 31)), ("synthetic",)
    )
    assert len(found.scenes) == 25
    assert found.problems == ()
    assert [s.acquired for s in found.scenes] == sorted(s.acquired for s in found.scenes)
    scene = found.scenes[0]
    assert (scene.id, scene.collection, scene.catalogue) == ("scene-0", "synthetic", "loopback")
    assert scene.acquired_at == datetime(2020, 1, 1, 10, tzinfo=UTC)
    assert scene.assets[0].href == server.url("/files/scene-0/red.tif")
    assert sum("/search" in path for path in server.asked) == 3
    assert set(server.methods) == {"GET"}
    assert server.asked.count("/stac") == 1


def test_pages_that_want_a_post(server: StacServer, fetcher: Fetcher) -> None:
    server.post_pages = True
    found = StacCatalogue(server.url(), fetcher=fetcher).search(WORLD, ALWAYS)
    assert len(found.scenes) == 25
    assert set(server.methods) == {"GET"}


@pytest.mark.parametrize(
    ("box", "when", "collections"),
    [
        ((40.0, 33.0, 41.0, 34.0), ALWAYS, ()),
        (WORLD, (date(2021, 1, 1), date(2021, 12, 31)), ()),
        (WORLD, ALWAYS, ("other",)),
    ],
)
def test_what_was_not_asked_for_is_left_out(
    server: StacServer, fetcher: Fetcher, box: Any, when: Any, collections: tuple[str, ...]
) -> None:
    """Also from a server that takes no notice of what it is asked."""
    catalogue = StacCatalogue(server.url(), fetcher=fetcher)
    assert catalogue.search(box, when, collections).scenes == ()
    everything = {"type": "FeatureCollection", "features": server.items, "links": []}
    server.faults["/stac/search"] = lambda request: send_json(request, everything)
    assert catalogue.search(box, when, collections).scenes == ()
    assert len(catalogue.search(WORLD, ALWAYS).scenes) == 25


def test_pages_in_a_circle(server: StacServer, fetcher: Fetcher) -> None:
    link = {"rel": "next", "href": server.url("/stac/search?token=again")}
    page = {"type": "FeatureCollection", "features": [item()], "links": [link]}
    server.faults["/stac/search"] = lambda request: send_json(request, page)
    with pytest.raises(StacError, match="go in a circle"):
        StacCatalogue(server.url(), fetcher=fetcher).search(WORLD, ALWAYS)


def test_pages_without_end(server: StacServer, fetcher: Fetcher) -> None:
    def ever_further(request: BaseHTTPRequestHandler) -> None:
        at = int(parse_qs(urlsplit(request.path).query).get("token", ["0"])[0])
        link = {"rel": "next", "href": server.url(f"/stac/search?token={at + 1}")}
        features = [item(n) for n in range(at * 5, at * 5 + 5)]
        page = {"type": "FeatureCollection", "features": features, "links": [link]}
        send_json(request, page)

    server.faults["/stac/search"] = ever_further
    with pytest.raises(StacError, match="more than 40 pages"):
        StacCatalogue(server.url(), fetcher=fetcher).search(WORLD, ALWAYS)


def test_more_scenes_than_are_taken(tmp_path: Path, fetcher: Fetcher) -> None:
    items = [item(n) for n in range(MOST_SCENES + 20)]
    with stac_server(items, tmp_path) as server:
        found = StacCatalogue(server.url(), fetcher=fetcher).search(WORLD, ALWAYS)
    assert len(found.scenes) == MOST_SCENES
    assert f"more than {MOST_SCENES} scenes" in found.problems[0]


HOSTILE: list[Any] = [
    b"<html>busy</html>",
    b"[]",
    b"null",
    b'{"features": 5}',
    b'{"features": [null]}',
    b'{"type": "FeatureCollection"}',
    b'{"features": {"a": 1}, "links": []}',
    b'{"features": [{}], "links": 7}',
    b'{"features": [{}], "links": [{"rel": "next"}]}',
    b'{"features": [{}], "links": [{"rel": "next", "href": 5}]}',
    b'{"features": [{}], "links": [{"rel": "next", "href": "/etc/passwd"}]}',
    b'{"features": [{}], "links": [{"rel": "next", "href": "file:///etc/passwd"}]}',
    b'{"features": [{}], "links": [{"rel": "next", "href": "http://[::1/"}]}',
    b'{"features": [{}], "links": [{"rel": "next", "href": "http://10.0.0.1.:99999/"}]}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"features": [' + b"[" * 5000 + b"]" * 5000 + b"]}",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["/stac", "/stac/search"])
def test_hostile_answers(server: StacServer, fetcher: Fetcher, path: str, body: bytes) -> None:
    server.faults[path] = answering(200, body)
    catalogue = StacCatalogue(server.url(), fetcher=fetcher)
    try:
        assert catalogue.search(WORLD, ALWAYS).scenes == ()
    except ImageryError as error:
        assert isinstance(error, StacError)
        assert "\n" not in str(error)
        assert len(str(error)) < 600


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_catalogue_that_does_not_answer(
    server: StacServer, fetcher: Fetcher, status: int
) -> None:
    server.faults["/stac/search"] = answering(status)
    with pytest.raises(StacError, match=f"answered {status}"):
        StacCatalogue(server.url(), fetcher=fetcher).search(WORLD, ALWAYS)
    server.faults["/stac"] = answering(status)
    with pytest.raises(StacError, match=f"answered {status}"):
        StacCatalogue(server.url(), fetcher=fetcher).search(WORLD, ALWAYS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "Catalog"}, "no STAC item"),
        ({"id": ""}, "without a name"),
        ({"id": 5}, "without a name"),
        ({"bbox": None}, "no bounding box"),
        ({"bbox": [1, 2, 3]}, "no bounding box"),
        ({"bbox": [1, 2, "3", 4]}, "no number"),
        ({"bbox": [1, 40, 3, 20]}, "outside of the earth"),
        ({"bbox": [500, 2, 501, 4]}, "outside of the earth"),
        ({"properties": None}, "no date"),
        ({"properties": {"datetime": None}}, "no date"),
        ({"properties": {"datetime": "yesterday"}}, "is no date"),
        ({"properties": {"datetime": "2020-01-01T00:00:00"}}, "no time zone"),
        ({"properties": {"datetime": "1850-01-01T00:00:00Z"}}, "no scene is of"),
        ({"properties": {"datetime": "2999-01-01T00:00:00Z"}}, "no scene is of"),
        ({"properties": {"datetime": "0001-01-01T00:00:00+23:00"}}, "scene-0: "),
        (
            {
                "properties": {
                    "datetime": None,
                    "start_datetime": "2020-02-01T00:00:00Z",
                    "end_datetime": "2020-01-01T00:00:00Z",
                }
            },
            "ends before it begins",
        ),
    ],
)
def test_items_that_cannot_be_used(
    server: StacServer, fetcher: Fetcher, change: dict[str, Any], message: str
) -> None:
    bad = {**item(), **change}
    with pytest.raises(StacError, match=message):
        read_item(bad, base="http://127.0.0.1/", catalogue="test")
    # The others of the answer are not lost with it.
    page = {"type": "FeatureCollection", "features": [bad, item(1), bad], "links": []}
    server.faults["/stac/search"] = lambda request: send_json(request, page)
    found = StacCatalogue(server.url(), fetcher=fetcher).search(WORLD, ALWAYS)
    assert [scene.id for scene in found.scenes] == ["scene-1"]
    assert "(2 times)" in found.problems[0]


def test_an_interval_stays_an_interval() -> None:
    told = {
        "datetime": None,
        "start_datetime": "2020-01-01T23:00:00-02:00",
        "end_datetime": "2020-01-09T00:00:00Z",
    }
    scene = read_item({**item(), "properties": told}, base="http://a/", catalogue="test")
    assert scene.acquired == (date(2020, 1, 2), date(2020, 1, 9))
    assert scene.acquired_at is None


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {
            "type": st.just("Feature"),
            "id": st.text(min_size=1, max_size=5) | json_values,
            "bbox": st.lists(st.floats() | st.integers(), max_size=7) | json_values,
            "collection": json_values,
            "properties": st.dictionaries(
                st.sampled_from(["datetime", "platform", "eo:cloud_cover", "view:sun_elevation"]),
                json_values | st.just("2020-01-01T00:00:00Z"),
            ),
            "assets": json_values | st.dictionaries(st.text(max_size=4), json_values),
        }
    )
)
def test_any_item_is_read_or_refused(given_item: Item) -> None:
    try:
        scene = read_item(given_item, base="http://127.0.0.1/a", catalogue="test")
    except StacError:
        return
    assert -180.01 <= scene.box[0] <= 180.01
    assert scene.cloud_cover is None or 0 <= scene.cloud_cover <= 1
    assert scene.sun_elevation_deg is None or -90 <= scene.sun_elevation_deg <= 90


def test_a_remote_catalogue_cannot_name_local_files(tmp_path: Path) -> None:
    bad = ["file:///etc/passwd", "s3://bucket/a.tif", "/vsicurl/http://a/b", "C:\\a.tif"]
    assets = {str(n): {"href": href} for n, href in enumerate([*bad, "http://[bad/", "b.tif"])}
    scene = read_item({**item(), "assets": assets}, base="http://127.0.0.1/c/i", catalogue="t")
    # What is left is understood as an address on the catalogue's own server.
    assert [str(a.href) for a in scene.assets] == [
        "http://127.0.0.1/vsicurl/http://a/b",
        "http://127.0.0.1/c/b.tif",
    ]
    assets = {str(n): {"href": h} for n, h in enumerate(["../out.tif", "/etc/passwd", "in.tif"])}
    local = read_item({**item(), "assets": assets}, base=tmp_path / "i.json", catalogue="t")
    assert [asset.href for asset in local.assets] == [tmp_path.resolve() / "in.tif"]


def write_static(folder: Path) -> Path:
    """A catalogue of two collections, one of which lies elsewhere, with links back up."""

    def write(path: str, document: Item) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(document), encoding="utf-8")

    def linked(kind: str, *pairs: tuple[str, str], **more: Any) -> Item:
        links = [{"rel": rel, "href": href} for rel, href in pairs]
        return {"type": kind, "stac_version": "1.0.0", "id": "x", "links": links, **more}

    def extent(*box: float) -> Item:
        interval = [["2019-12-01T00:00:00Z", None]]
        return {"spatial": {"bbox": [list(box)]}, "temporal": {"interval": interval}}

    write("catalog.json", linked("Catalog", ("child", "here/c.json"), ("child", "far/c.json")))
    write(
        "here/c.json",
        linked(
            "Collection",
            ("root", "../catalog.json"),
            ("child", "../catalog.json"),
            ("item", "a.json"),
            ("item", "./b.json"),
            extent=extent(37, 32, 40, 35),
        ),
    )
    write("far/c.json", linked("Collection", ("item", "gone.json"), extent=extent(0, 0, 1, 1)))
    for number, name in enumerate("ab"):
        one = item(number)
        one["assets"]["red"]["href"] = "../data/red.tif"
        write(f"here/{name}.json", one)
    return folder


def test_a_static_catalogue_in_a_folder(tmp_path: Path, fetcher: Fetcher) -> None:
    folder = write_static(tmp_path / "static")
    for address in (folder, folder / "catalog.json"):
        found = StacCatalogue(address, fetcher=fetcher).search((38.0, 33.0, 38.1, 33.1), ALWAYS)
        assert [scene.id for scene in found.scenes] == ["scene-0", "scene-1"]
        assert found.scenes[0].assets[0].href == (folder / "data" / "red.tif").resolve()
    # A part of it that cannot hold what is wanted is not opened: its item is missing.
    assert (
        StacCatalogue(folder, fetcher=fetcher)
        .search((38.0, 33.0, 38.1, 33.1), (date(2018, 1, 1), date(2018, 2, 1)))
        .scenes
        == ()
    )
    with pytest.raises(StacError, match="cannot be read"):
        StacCatalogue(folder, fetcher=fetcher).search((0.1, 0.1, 0.2, 0.2), ALWAYS)


def test_a_static_catalogue_on_a_server(tmp_path: Path, fetcher: Fetcher) -> None:
    write_static(tmp_path)
    with stac_server([], tmp_path) as server:
        at = server.url("/files/catalog.json")
        found = StacCatalogue(at, fetcher=fetcher).search((38.0, 33.0, 38.1, 33.1), ALWAYS)
        assert [scene.id for scene in found.scenes] == ["scene-0", "scene-1"]
        assert found.scenes[0].assets[0].href == server.url("/files/data/red.tif")
        # Each document once, though they link to one another in a circle.
        assert len(server.asked) == len(set(server.asked)) == 5


def test_a_folder_whose_links_lead_out_of_it(tmp_path: Path, fetcher: Fetcher) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret.json").write_text(json.dumps(item()), encoding="utf-8")
    link = {"rel": "item", "href": "../secret.json"}
    (folder / "catalog.json").write_text(json.dumps({"type": "Catalog", "links": [link]}))
    with pytest.raises(StacError, match="leads out of the catalogue"):
        StacCatalogue(folder, fetcher=fetcher).search(WORLD, ALWAYS)


@pytest.mark.parametrize("href", ["a\0b.json", "loop/x.json", "x" * 5000, ".", ""])
def test_a_folder_whose_links_lead_nowhere(tmp_path: Path, fetcher: Fetcher, href: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    link = {"rel": "item", "href": href}
    (tmp_path / "catalog.json").write_text(json.dumps({"type": "Catalog", "links": [link]}))
    with pytest.raises(StacError):
        StacCatalogue(tmp_path, fetcher=fetcher).search(WORLD, ALWAYS)
    scene = read_item(
        {**item(), "assets": {"a": {"href": href}}}, base=tmp_path / "i.json", catalogue="t"
    )
    assert len(scene.assets) <= 1


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00"])
def test_a_folder_of_no_catalogue(tmp_path: Path, fetcher: Fetcher, text: str) -> None:
    (tmp_path / "catalog.json").write_text(text)
    with pytest.raises(StacError, match="is it a STAC catalogue"):
        StacCatalogue(tmp_path, fetcher=fetcher).search(WORLD, ALWAYS)


def test_boxes() -> None:
    assert read_box([1, 2, 0, 3, 4, 100]) == (1, 2, 3, 4)
    fiji = (176.0, -20.0, -178.0, -15.0)
    assert boxes_meet(fiji, (179.0, -18.0, 179.5, -17.0))
    assert boxes_meet((-179.5, -18.0, -179.0, -17.0), fiji)
    assert not boxes_meet(fiji, (-170.0, -18.0, -160.0, -17.0))
    assert not boxes_meet(fiji, (0.0, -18.0, 10.0, -17.0))
    assert read_moment("2020-01-01T01:00:00+02:00") == datetime(2019, 12, 31, 23, tzinfo=UTC)


# Real answers, recorded.

RECORDED = {
    "earth_search_cloud_filter": ("https://earth-search.aws.element84.com/v1", "", None),
    "planetary_computer_naip_page": (
        "https://planetarycomputer.microsoft.com/api/stac/v1",
        "/",
        ("naip",),
    ),
    "planetary_computer_sentinel2_search": (
        "https://planetarycomputer.microsoft.com/api/stac/v1",
        "/",
        ("sentinel-2-l2a",),
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers(shared_data: Path, tmp_path: Path, fetcher: Fetcher, name: str) -> None:
    """Searches of public catalogues, replayed page by page with their own links."""
    address, _, collections = RECORDED[name]
    with gzip.open(shared_data / "stac" / f"{name}.json.gz", "rt") as file:
        pairs = json.load(file)
    pages = [p["response"]["json"] for p in pairs if "/search" in p["request"]["url"]]
    if pages[0] == pages[-1]:
        pages = pages[:1]
    with stac_server([], tmp_path) as server:
        text = json.dumps(pages).replace(address, server.url("/stac"))
        waiting = json.loads(text)
        waiting[-1]["links"] = []
        server.faults["/stac/search"] = lambda request: send_json(request, waiting.pop(0))
        found = StacCatalogue(server.url(), fetcher=fetcher).search(
            WORLD, (date(1990, 1, 1), date(2026, 1, 1)), collections or ()
        )
        assert waiting == []
    listed = [feature for page in pages for feature in page["features"]]
    expected = {(f["collection"], f["id"]) for f in listed}
    assert {(scene.collection, scene.id) for scene in found.scenes} == expected
    assert found.problems == ()
    by_id = {(f["collection"], f["id"]): f for f in listed}
    for scene in found.scenes:
        feature = by_id[scene.collection, scene.id]
        assert feature["properties"]["datetime"].startswith(scene.acquired[0].isoformat())
        assert {asset.key for asset in scene.assets} <= feature["assets"].keys()


def test_a_catalogue_that_pystac_wrote(tmp_path: Path, fetcher: Fetcher) -> None:
    """Written by the reference library, in its own layout of folders, and read by us."""
    import pystac

    box = [38.0, 33.0, 39.0, 34.0]
    ring = [[38, 33], [39, 33], [39, 34], [38, 34], [38, 33]]
    catalog = pystac.Catalog(id="written", description="Synthetic")
    spatial = pystac.SpatialExtent([box])
    temporal = pystac.TemporalExtent([[datetime(2017, 1, 1, tzinfo=UTC), None]])
    collection = pystac.Collection(
        id="synthetic", description="Synthetic", extent=pystac.Extent(spatial, temporal)
    )
    catalog.add_child(collection)
    for day in (9, 12):
        made = pystac.Item(
            id=f"day-{day}",
            geometry={"type": "Polygon", "coordinates": [ring]},
            bbox=box,
            datetime=datetime(2017, 6, day, 8, tzinfo=UTC),
            properties={"platform": "Synthetic-1", "eo:cloud_cover": 12.5},
        )
        made.add_asset("red", pystac.Asset(href="./red.tif"))
        collection.add_item(made)
    catalog.normalize_and_save(str(tmp_path), catalog_type=pystac.CatalogType.SELF_CONTAINED)
    found = StacCatalogue(tmp_path, fetcher=fetcher).search(
        (38.4, 33.4, 38.6, 33.6), (date(2017, 6, 1), date(2017, 6, 30)), ("synthetic",)
    )
    days = [(scene.id, scene.acquired[0].day) for scene in found.scenes]
    assert days == [("day-9", 9), ("day-12", 12)]
    scene = found.scenes[0]
    assert (scene.platform, scene.cloud_cover) == ("synthetic-1", 0.125)
    assert [asset.key for asset in scene.assets] == ["red"]
    assert str(scene.assets[0].href).endswith("day-9/red.tif")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (answering(302, Location="http://169.254.169.254/latest/"), "link-local"),
        (answering(302, Location="file:///etc/passwd"), "only http and https"),
        (dripping, "not finished within"),
    ],
)
def test_pages_that_lead_elsewhere_or_never_end(
    server: StacServer, fault: Answer, message: str
) -> None:
    server.faults["/stac/search"] = fault
    policy = HttpPolicy(allow_private=True, retries=0, total_timeout_s=0.5)
    with Session(policy) as session, pytest.raises(StacError, match=message):
        StacCatalogue(server.url(), fetcher=Fetcher(session)).search(WORLD, ALWAYS)
