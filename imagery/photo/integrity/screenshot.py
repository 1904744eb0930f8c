"""Signs that a picture was taken of a screen's content and not by a camera."""

from __future__ import annotations

import re
from collections.abc import Iterable

from imagery.photo.integrity.signal import Signal

# Width and height in points of common screens, in either direction.
_SCREENS = frozenset(
    {
        *((640, 1136), (750, 1334), (828, 1792), (1080, 1920), (1125, 2436), (1170, 2532)),
        *((1179, 2556), (1206, 2622), (1242, 2208), (1242, 2688), (1284, 2778), (1290, 2796)),
        *((1320, 2868), (720, 1280), (720, 1520), (720, 1560), (720, 1600), (1080, 2160)),
        *((1080, 2220), (1080, 2280), (1080, 2310), (1080, 2316), (1080, 2340), (1080, 2376)),
        *((1080, 2400), (1080, 2408), (1440, 2560), (1440, 2880), (1440, 2960), (1440, 3040)),
        *((1440, 3088), (1440, 3120), (1440, 3200), (1536, 2048), (1620, 2160), (1640, 2360)),
        *((1668, 2224), (1668, 2388), (2048, 2732), (768, 1366), (800, 1280), (900, 1440)),
        *((900, 1600), (1050, 1680), (1200, 1920), (1440, 3440), (1600, 2560), (1800, 2880)),
        *((1864, 2880), (1964, 3024), (2160, 3840), (2234, 3456), (1024, 1280), (1028, 1646)),
    }
)
_NAMED = re.compile(
    r"(screen[ _-]?(shot|cap|capture|grab)|scrnshot|bildschirmfoto|schermafbeelding"
    r"|capture d.écran|captura de (pantalla|tela)|schermata|ekran (görüntüsü|alıntısı|resmi)"
    r"|zrzut ekranu|снимок экрана|скриншот|знімок екрана|لقطة شاشة|لقطة الشاشة|צילום מסך"
    r"|スクリーンショット|屏幕截图|截屏|截图|스크린샷)",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"\bscreenshot\b|snipping|greenshot|sharex|flameshot|spectacle|lightshot|shutter\b|snagit"
    r"|ksnapshot|monosnap|cleanshot|gyazo",
    re.IGNORECASE,
)
# Formats that screens are saved in and cameras hardly ever write.
_OF_SCREENS = ("PNG", "WEBP", "BMP", "GIF")


def screenshot_signal(
    *,
    name: str,
    format: str | None,  # noqa: A002
    width: int | None,
    height: int | None,
    has_camera: bool,
    texts: Iterable[str | None],
) -> Signal | None:
    """The signal, if something says so.

    Args:
        name: of the file.
        format: as ``Parts.format`` names it.
        width: in pixels.
        height: in pixels.
        has_camera: a camera's make, model or exposure is given.
        texts: comments and names of programs in the file.
    """
    signs = []
    if _NAMED.match(name.rpartition("/")[2]):
        signs.append("it is named so")
    tool = next((text for text in texts if text and _TOOLS.search(text)), None)
    if tool:
        signs.append(f"{tool[:60]!r} stands in it")
    size = tuple(sorted((width or 0, height or 0)))
    if not has_camera and format in _OF_SCREENS and size in _SCREENS:
        signs.append(f"{format} of {width} x {height} pixels, the size of a screen")
    if not signs:
        return None
    return Signal(
        signal="screenshot",
        value="; ".join(signs),
        means=(
            "the file shows what was on a screen; its date and device are those of the screenshot, "
            "not of any photo in it"
        ),
        misleads=(
            "wallpapers and exported drawings have the size of a screen too; a cropped or renamed "
            "screenshot shows no sign"
        ),
    )
