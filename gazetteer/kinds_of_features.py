"""What other gazetteers call a feature, as a kind of ``place.KINDS``.

GeoNames and GNS share their codes (geonames.org/export/codes.html): a class of one letter and a
code. Who's On First has placetypes, Linked Places Format types of the Getty Art and Architecture
Thesaurus (AAT), OpenStreetMap tags, Wikidata classes. A word or code that no table has is None
here and "unknown" in a record: nothing is forced into the nearest kind.
"""

from __future__ import annotations

from types import MappingProxyType

CITY, TOWN = 50_000, 5_000
"""Least population of a city and of a town; judgement, the same as for the built-in cities."""


def kind_by_population(population: int | None) -> str:
    """Kind of a populated place of which only the number of inhabitants is known."""
    if not population:
        return "populated_place"
    if population >= CITY:
        return "city"
    return "town" if population >= TOWN else "village"


def _codes(table: dict[str, str]) -> MappingProxyType[str, str]:
    return MappingProxyType({code: kind for kind, codes in table.items() for code in codes.split()})


GEONAMES = _codes(
    {
        "country": "A.PCL A.PCLD A.PCLF A.PCLI A.PCLIX A.PCLS A.TERR",
        "region": "A.ADM1 A.ADM1H A.RGN L.RGN L.RGNE L.RGNH T.DSRT L.CONT A.ZN L.ZN A.PRSH",
        "district": "A.ADM2 A.ADM2H A.ADM3 A.ADM3H A.ADM4 A.ADM4H A.ADM5 A.ADM5H A.ADMD A.ADMDH "
        "A.LTER",
        "neighbourhood": "P.PPLX",
        "populated_place": "P.PPLL P.PPLS P.STLMT L.LCTY P.PPLQ P.PPLH P.PPLCH P.PPLW",
        "village": "P.PPLF P.PPLA5 S.FRM S.FRMT L.AGRF",
        "base": "L.MILB S.FT S.BRKS S.INSM L.MVA S.MFGM S.NSY L.NVB",
        "outpost": "S.PSTP S.GHSE",
        "border_post": "S.PSTB S.PSTC S.CSTM",
        "airport": "S.AIRB S.AIRF S.AIRP S.AIRH S.AIRQ S.AIRS S.STNF",
        "camp": "S.CMP S.CMPL S.CMPLA S.CMPMN S.CMPO S.CMPQ S.CMPRF P.PPLR",
        "hill": "T.HLL T.HLLS T.MND T.RDGE T.RDGB T.SPUR T.UPLD T.BUTE T.MESA T.DUNE",
        "mountain": "T.MT T.MTS T.PK T.PKS T.VLC T.RK T.RKS",
        "crossing": "T.PASS T.GAP H.FRST R.FY S.FY",
        "dam": "S.DAM S.DAMQ S.DAMSB",
        "crossroads": "R.RDJCT S.RDCR R.RDIN S.TRANT",
        "wadi": "H.WAD H.WADB H.WADJ H.WADM H.WADS H.WADX T.VAL T.VALG T.VALS T.VALX T.DPR H.STMI "
        "T.GRGE T.CNYN T.RVN",
        "oil_field": "L.OILF L.GASF S.OILW S.OILR S.PMPO S.GOSP S.OILJ S.OILQ S.OILT S.PMPW",
        "island": "T.ISL T.ISLS T.ISLF T.ISLM T.ISLT T.ISLET T.ISLX T.ATOL H.RF",
        "river": "H.STM H.STMS H.STMA H.STMB H.STMC H.STMD H.STMH H.STMM H.STMQ H.STMSB H.STMX "
        "H.CNL H.CNLI H.CNLD H.CNLN H.DTCH H.DTCHI H.DTCHD H.DTCHM H.RPDS H.CHN H.ESTY",
        "lake": "H.LK H.LKS H.LKI H.LKN H.LKNI H.LKO H.LKOI H.LKSI H.LKC H.LGN H.RSV H.RSVI H.RSVT "
        "H.PND H.PNDS H.PNDI H.PNDN H.MRSH H.SWMP H.SBKH H.BAY H.GULF H.COVE H.INLT",
        "spring": "H.SPNG H.SPNS H.SPNT H.WLL H.WLLS H.WLLQ H.WTRH H.CRKT H.QCND S.CSTN",
        "ruin": "S.RUIN S.ANS S.HSTS S.MNMT S.TMB S.PYR S.PYRS S.TMPL",
        "bridge": "S.BDG S.BDGQ R.CSWY",
        "port": "H.HBR H.HBRX L.PRT S.PIER S.DCK S.DCKB S.DCKY S.WHRF S.MAR",
        "mine": "S.MN S.MNQ S.MNA S.MNAU S.MNC S.MNCR S.MNCU S.MNFE S.MNPB S.MNSN S.MNPL S.MNQR "
        "L.MNA S.QUA L.SALT S.PIT",
        "power_plant": "S.PS S.PSH S.PSN S.SUBS",
    }
)
"""GeoNames class and code ("T.HLL") to kind; places by size stand in ``geonames_kind``."""

_CLASSES = {"S": "building", "R": "unknown", "A": "district"}
_BY_SIZE = frozenset({"PPL", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLC", "PPLG", ""})


def geonames_kind(feature_class: str, code: str, population: int | None = None) -> str:
    """Kind of a GeoNames or GNS feature; "unknown" where its code says nothing that fits.

    A PPL, which GeoNames uses for a hamlet and for a metropolis, goes by its population.
    """
    if feature_class == "P" and code in _BY_SIZE:
        return kind_by_population(population)
    return GEONAMES.get(f"{feature_class}.{code}") or _CLASSES.get(feature_class, "unknown")


PLACETYPES = _codes(
    {
        "country": "country dependency empire disputed",
        "region": "macroregion region marinearea ocean continent macrocounty",
        "district": "county localadmin metroarea postalcode",
        "populated_place": "locality",
        "neighbourhood": "borough macrohood neighbourhood microhood",
        "building": "building address venue arcade wing concourse enclosure installation",
        "crossroads": "intersection",
    }
)
"""Placetypes of Who's On First, github.com/whosonfirst/whosonfirst-placetypes, but for campus."""

AAT = _codes(
    {
        "country": "300128207",
        "region": "300000774 300000776 300182722",
        "district": "300000771",
        "city": "300008389",
        "town": "300008375",
        "village": "300008372",
        "populated_place": "300008347",
        "neighbourhood": "300000745",
        "base": "300006909",
        "ruin": "300000810 300008057",
        "mountain": "300008795",
        "hill": "300008777",
        "island": "300008791",
        "river": "300008707",
        "lake": "300008680",
        "spring": "300008697",
        "wadi": "300008761",
        "bridge": "300007836",
        "mine": "300000390",
    }
)
"""AAT numbers to kind, getty.edu/research/tools/vocabularies/aat."""

_TAGS = {
    "city": "place=city",
    "town": "place=town",
    "village": "place=village place=hamlet",
    "populated_place": "place=locality place=isolated_dwelling place=farm place=allotments",
    "neighbourhood": "place=suburb place=quarter place=neighbourhood place=city_block "
    "place=borough landuse=residential",
    "island": "place=island place=islet place=archipelago",
    "country": "place=country",
    "region": "place=state place=region place=province natural=desert",
    "district": "place=county place=district place=municipality",
    "base": "landuse=military military=base military=barracks military=naval_base "
    "military=training_area",
    "outpost": "military=outpost",
    "checkpoint": "military=checkpoint barrier=checkpoint",
    "crossing": "barrier=border_control natural=saddle mountain_pass=yes",
    "border_post": "amenity=border_post office=border_control",
    "airport": "aeroway=aerodrome aeroway=airstrip aeroway=helipad military=airfield",
    "camp": "amenity=refugee_site place=refugee_camp social_facility=refugee_camp",
    "hill": "natural=hill natural=ridge",
    "mountain": "natural=peak natural=volcano natural=mountain_range",
    "dam": "waterway=dam man_made=dam",
    "crossroads": "highway=motorway_junction junction=yes highway=traffic_signals",
    "wadi": "natural=valley natural=wadi waterway=wadi",
    "oil_field": "man_made=petroleum_well industrial=oil landuse=oil_field",
    "river": "waterway=river waterway=stream waterway=canal waterway=drain waterway=ditch",
    "lake": "natural=water water=lake water=reservoir natural=bay natural=wetland",
    "spring": "natural=spring man_made=water_well",
    "ruin": "historic=ruins historic=archaeological_site historic=castle building=ruins",
    "bridge": "man_made=bridge bridge=yes",
    "port": "landuse=port landuse=harbour harbour=yes amenity=ferry_terminal leisure=marina",
    "mine": "landuse=quarry man_made=mineshaft man_made=adit",
    "power_plant": "power=plant power=substation",
    "building": "railway=station railway=halt tourism=hotel",
}
OSM = _codes(_TAGS)
"""OpenStreetMap "key=value" to kind, wiki.openstreetmap.org/wiki/Map_features."""

_STRUCTURES = frozenset({"amenity", "building", "shop", "office", "tourism", "craft", "healthcare"})


def osm_kind(tags: dict[str, str]) -> str | None:
    """Kind of an OpenStreetMap feature by its tags, the first that says one."""
    if tags.get("boundary") == "administrative":
        level = tags.get("admin_level", "")
        if level == "2":
            return "country"
        if level in ("3", "4"):
            return "region"
        if level in ("5", "6", "7", "8"):
            return "district"
        return "neighbourhood" if level in ("9", "10", "11") else "district"
    for key, value in tags.items():
        kind = OSM.get(f"{key}={value}")
        if kind is not None:
            return kind
    return "building" if _STRUCTURES & tags.keys() else None


WIKIDATA = _codes(
    {
        "country": "Q6256 Q3624078",
        "region": "Q10864048 Q34876 Q7275 Q82794",
        "district": "Q13220204 Q13221722 Q28575 Q149621 Q15284",
        "city": "Q515 Q1549591 Q1637706 Q5119",
        "town": "Q3957",
        "village": "Q532 Q5084",
        "populated_place": "Q486972",
        "neighbourhood": "Q123705 Q188509 Q2983893",
        "base": "Q245016",
        "crossing": "Q133056",
        "airport": "Q1248784 Q62447 Q695850 Q644371",
        "camp": "Q622499",
        "hill": "Q54050 Q740445",
        "mountain": "Q8502 Q46831 Q8072 Q207326",
        "dam": "Q12323",
        "wadi": "Q187971 Q39816",
        "oil_field": "Q211748",
        "island": "Q23442 Q33837",
        "river": "Q4022 Q47521 Q12284",
        "lake": "Q23397 Q131681",
        "spring": "Q124714 Q43483",
        "ruin": "Q109607 Q839954 Q15661340",
        "bridge": "Q12280",
        "port": "Q44782",
        "mine": "Q820477 Q188040",
        "power_plant": "Q159719",
        "building": "Q41176 Q16917 Q3914 Q32815 Q16970 Q55488 Q811979",
    }
)
"""Classes of Wikidata (the values of P31) to kind."""
