"""Links of map services: the pin before the view, and what cannot be read without the network."""

from __future__ import annotations

import pytest

from gazetteer.errors import PositionError
from gazetteer.position import looks_like_position, parse_position

G = "https://www.google.com/maps"


@pytest.mark.parametrize(
    "link",
    [
        f"{G}/@33.5,38.6,17z",
        f"{G}/@33.5,38.6,600m/data=!3m1!1e3?entry=ttu",
        f"{G}/place/Base/@33.1,38.1,17z/data=!3m1!4b1!4m6!3m5!1s0x1:0x2!8m2!3d33.5!4d38.6!16s%2Fg",
        f"{G}/place/33%C2%B030'00.0%22N+38%C2%B036'00.0%22E/@33.1,38.1,17z",
        f"{G}/search/33.5,+38.6?sa=X",
        f"{G}/search/?api=1&query=33.5%2C38.6",
        f"{G}?q=33.5,38.6(A+base)&ll=33.1,38.1",
        f"{G}?q=al-Tanf&ll=33.5,38.6&z=12",
        f"{G}?daddr=33.5,38.6",
        f"{G}/dir//33.5,38.6/@33.1,38.1,9z",
        f"{G}/dir/?api=1&destination=33.5,38.6",
        f"{G}/embed?pb=!1m14!1m12!1m3!1d2000.5!2d38.6!3d33.5!2m3!1f0",
        "https://www.google.co.uk/maps/@33.5,38.6,17z",
        "http://maps.google.com/maps?q=loc:33.5+38.6",
        "maps.google.com/?q=33.5,38.6",
        "https://earth.google.com/web/@33.5,38.6,600a,1000d,35y,0h,0t,0r",
        "https://earth.google.com/web/search/33.5,38.6/@33.1,38.1,600a,1000d",
        "https://www.openstreetmap.org/#map=15/33.5/38.6&layers=H",
        "https://www.openstreetmap.org/?mlat=33.5&mlon=38.6#map=12/33.1/38.1",
        "https://www.openstreetmap.org/?lat=33.5&lon=38.6&zoom=9",
        "https://www.bing.com/maps?cp=33.5~38.6&lvl=11&style=a",
        "https://www.bing.com/maps/default.aspx?cp=33.1~38.1&sp=point.33.5_38.6_A_base",
        "https://maps.apple.com/?ll=33.5,38.6&q=Base",
        "https://maps.apple.com/?q=33.5,38.6&sll=33.1,38.1",
        "https://maps.apple.com/place?coordinate=33.5,38.6&name=Base",
        "https://yandex.com/maps/?ll=38.6%2C33.5&z=12",
        "https://yandex.ru/maps/?ll=38.1,33.1&pt=38.6,33.5,pm2rdm",
        "https://yandex.com.tr/maps/?ll=38.1,33.1&whatshere[point]=38.6,33.5",
        "https://yandex.ru/maps/?text=33.5,38.6&ll=38.1,33.1",
        "https://maps.yandex.ru/?ll=38.6,33.5",
        "http://wikimapia.org/#lang=en&lat=33.5&lon=38.6&z=12&m=w",
        "https://apps.sentinel-hub.com/eo-browser/?zoom=10&lat=33.5&lng=38.6&themeId=X",
        "https://browser.dataspace.copernicus.eu/?zoom=5&lat=33.5&lng=38.6",
        "https://satellites.pro/Syria_map#33.5,38.6,10",
        "https://www.suncalc.org/#/33.5,38.6,13/2017.06.11/12:00/1/0",
        "https://zoom.earth/maps/satellite/#view=33.5,38.6,10z",
    ],
)
def test_one_point_in_many_links(link: str) -> None:
    found = parse_position(link)
    assert (found.lat, found.lon) == pytest.approx((33.5, 38.6))
    assert found.uncertainty_m is None


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://maps.app.goo.gl/9tQ", "shortened"),
        ("https://goo.gl/maps/9tQ", "shortened"),
        ("https://osm.org/go/0EEQjE", "shortened"),
        ("https://yandex.ru/maps/-/CDab", "shortened"),
        ("https://what3words.com/filled.count.soap", "what3words"),
        ("///filled.count.soap", "what3words"),
        ("https://example.org/?q=33.5,38.6", "no map service"),
        ("https://www.google.com/search?q=33.5,38.6", "no map service"),
        ("https://google.com.evil.example/maps/@33.5,38.6,9z", "no map service"),
        ("file:///maps/@33.5,38.6", "no map service"),
        (f"{G}?q=al-Tanf", "no coordinates"),
        (f"{G}/dir/33.5,38.6/34,39/", "route"),
        (f"{G}/dir/Amman/Baghdad/@33.5,38.6,8z", "route"),
        (f"{G}?saddr=33,38&daddr=34,39", "route|2 points"),
        ("https://www.openstreetmap.org/directions?route=33,38;34,39#map=9/33/38", "route"),
        ("https://yandex.ru/maps/?rtext=33,38~34,39&ll=38,33", "route"),
        (f"{G}/data=!3d33.5!4d38.6!3d34!4d39", "2 points"),
        ("https://yandex.ru/maps/?pt=38.6,33.5~39,34", "2 points"),
        (f"{G}?q=133.5,38.6", "latitude 133.5"),
        (f"{G}?q=33.5%252C38.6", "no coordinates"),
        (f"{G}?q=33.5,38.6 (base)", "spaces"),
        ("http://[::1", "cannot be read"),
        ("https://maps.google.com/?" + "&".join("a=1" for _ in range(300)), "cannot be read"),
    ],
)
def test_refused_links(link: str, why: str) -> None:
    assert looks_like_position(link)
    with pytest.raises(PositionError, match=why) as refused:
        parse_position(link)
    assert "\n" not in str(refused.value)
