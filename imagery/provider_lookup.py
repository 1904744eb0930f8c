"""A server by what a person calls it: an id of a catalogue, a name of xyzservices, an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from imagery.errors import ProviderError, printable
from imagery.grid import MAX_ZOOM

if TYPE_CHECKING:
    from imagery.providers import Provider

_FINEST_UNSAID = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A provider, and whether its terms have to be accepted before it is asked.

    Those of a catalogue or an address of one's own were chosen by whoever wrote them down.
    """

    provider: Provider
    asks_consent: bool


def find_provider(wanted: str, *, own: Sequence[Provider] = ()) -> Named:
    """The provider that somebody names.

    Args:
        wanted: an id of ``own`` or of the shipped catalogue; a name that xyzservices knows, such as
            ``Esri.WorldImagery``; or an address with {z}, {x} and {y}.
        own: a person's own catalogue, asked first.

    Raises:
        ProviderError: nothing is called so, or it cannot be used.
    """
    from imagery.providers import shipped_providers

    wanted = wanted.strip()
    for provider in own:
        if provider.id == wanted:
            return Named(provider=provider, asks_consent=False)
    shipped = shipped_providers()
    for provider in shipped:
        if provider.id == wanted:
            return Named(provider=provider, asks_consent=not provider.automated)
    if "://" in wanted:
        return Named(provider=of_address(wanted), asks_consent=False)
    found = of_xyzservices(wanted)
    if found is not None:
        return Named(provider=found, asks_consent=True)
    ids = [provider.id for provider in (*own, *shipped)]
    near = get_close_matches(wanted, ids, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    raise ProviderError(
        f"no provider is called {printable(wanted, 60)!r}; {hint}osint providers lists them; a "
        "name of xyzservices (Esri.WorldImagery) or an address with {z}, {x} and {y} will do"
    )


def of_address(address: str) -> Provider:
    """A server of undated tiles at a template.

    Raises:
        ProviderError: it is no template.
    """
    return _made({"id": "given-address", "name": "the given address", "template": address})


def of_xyzservices(name: str) -> Provider | None:
    """A provider that xyzservices knows by name, however spelt; None if it knows none.

    xyzservices says nothing of dates and little of terms: tiles are undated and ask for consent.

    Raises:
        ProviderError: it wants a key, or a day.
    """
    import xyzservices  # type: ignore[import-untyped]

    try:
        known: Any = xyzservices.providers.query_name(name)
    except ValueError:
        return None
    shown = printable(str(known.get("name", name)), 60)
    if known.requires_token():
        raise ProviderError(
            f"{shown} wants a key of your own; put its address into a catalogue "
            "(osint chip --catalogue FILE.toml)"
        )
    # Without its time, a layer of many days answers with one of its own choice.
    if "{time}" in known["url"] or "time" in known:
        raise ProviderError(
            f"{shown} has days, and xyzservices does not say which; osint providers lists the "
            "daily layers of the same server"
        )
    try:
        template = known.build_url(x="{x}", y="{y}", z="{z}", fill_subdomain=True)
    except (KeyError, ValueError, TypeError) as error:
        raise ProviderError(f"the address of {shown} cannot be made out") from error
    return _made(
        {
            "id": "".join(c if c.isalnum() else "-" for c in shown.lower())[:60],
            "name": shown,
            "template": template.replace("{r}", ""),
            "min_zoom": int(known.get("min_zoom", 0)),
            "max_zoom": min(int(known.get("max_zoom", _FINEST_UNSAID)), MAX_ZOOM),
            "attribution": str(known.get("attribution", "")) or None,
            "note": "from xyzservices; read its publisher's terms before using it",
        }
    )


def _made(facts: dict[str, Any]) -> Provider:
    from pydantic import ValidationError

    from imagery.providers import Provider

    try:
        return Provider.model_validate({"max_zoom": _FINEST_UNSAID, "automated": False, **facts})
    except ValidationError as error:
        why = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise ProviderError(f"{printable(str(facts['template']))}: {why}") from error
