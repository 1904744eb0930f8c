"""Countries whose troops stand far from home, and which countries they do touch.

"French troops on the Malian border" are on no border of France: without this, a border of which one
side is named would be taken for theirs. Neighbours by ``gazetteer.sources.outlines.neighbours``
(OpenStreetMap contributors via timezone-boundary-builder, ODbL 1.0). Left out by hand: those that
only meet at sea, and dependent territories. Added by hand: Brazil and Suriname, which touch French
Guiana.
"""

from __future__ import annotations

_NEIGHBOURS = {
    "US": "CA MX",
    "GB": "IE",
    "FR": "AD BE BR CH DE ES IT LU MC SR",
    "DE": "AT BE CH CZ DK FR LU NL PL",
    "RU": "AZ BY CN EE FI GE KP KZ LT LV MN NO PL UA",
    "IR": "AF AM AZ IQ PK TM TR",
    "TR": "AM AZ BG GE GR IQ IR SY",
    "IL": "EG JO LB PS SY",
    "SA": "AE IQ JO KW OM QA YE",
}


def may_touch(country: str, other: str) -> bool:
    """Whether two countries, by ISO code, may have a common border; True where it is not known."""
    known = _NEIGHBOURS.get(country)
    return known is None or other in known.split()
