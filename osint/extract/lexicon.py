"""The words the grammar knows: closed classes, features on the ground, people, verbs.

Only lower-case singular forms are listed; ``singular`` and the verb tables take care of the rest.
A word that is in no list is still read: it can be part of a name or of a description.
"""

from __future__ import annotations

from functools import lru_cache

from osint.extract import common_nouns


def words(text: str) -> frozenset[str]:
    """The words of a string as a set."""
    return frozenset(listed(text))


def listed(text: str) -> tuple[str, ...]:
    """The words of a string in their order."""
    return tuple(text.split())


DETERMINERS = words("the a an this that these those its their his her our my your another any")
POSSESSIVES = words("its their his her our my your")
PRONOUNS = words("it they he she them him")
REFLEXIVES = words("themselves itself himself herself ourselves")
RELATIVES = words("which that who whom whose where")
CONJUNCTIONS = words("and or but nor")
SUBORDINATORS = words(
    "when while as because although though since if unless whether after before until once so than"
)
CONDITIONALS = words("if unless whether whenever wherever")
PREPOSITIONS = words(
    "at in on near outside inside from of to by with within over under along around about against "
    "for into onto across through toward towards between beyond beside besides opposite off past "
    "behind during following via among above below upon without despite amid up down out onto "
    "throughout alongside aboard like unlike except per atop astride"
)
PLACE_PREPOSITIONS = words("at in off near outside inside over on around across above along atop")
NEGATIONS = words("not never cannot neither no none")
AUXILIARIES = words(
    "is are was were be been being am has have had having do does did will would can could may "
    "might must shall should 'd 'll 've 're"
)
BE = words("is are was were be been being am 're")
FUTURES = words("will would shall should can must 'll 'd")
ADVERBS = words(
    "just only still now then also already even nearly almost some somewhere about roughly again "
    "here there away apart off far very too quite later earlier recently soon once twice today "
    "yesterday tonight overnight aground ashore upstream downstream offshore inland uphill "
    "downhill downwind "
    " currently directly immediately due further farther well back "
    "rather midway halfway "
    "nonetheless nevertheless meanwhile likewise moreover furthermore afterwards thereafter anyway "
    "together instead however indeed else yet ever long abroad nearby so more most less least"
)
ADVERB_EXCEPTIONS = words(
    "no-fly family ally supply assembly italy july only hilly rally bully tally jelly belly holly"
)
NO_VERBS = words(
    "morning evening king wing ring spring string thing something anything nothing everything "
    "ceiling wedding pudding red bed shed speed need feed seed breed sacred hundred creed deed weed"
)
SOFT_ADJECTIVES = words("new fully-fledged newly-built so-called brand-new newly-established")
ORDINALS = {
    word: number
    for number, word in enumerate(
        listed("first second third fourth fifth sixth seventh eighth ninth tenth"), start=1
    )
}
COMPASS_ADJECTIVES = words(
    "northern southern eastern western central northeastern northwestern southeastern southwestern "
    "north-eastern north-western south-eastern south-western"
)
COMPASS_WORDS = COMPASS_ADJECTIVES | words(
    "north south east west northeast northwest southeast southwest north-east north-west "
    "south-east south-west"
)

HEDGES = words(
    "probably possibly perhaps maybe may might seems seemingly appears apparently likely "
    "presumably believed believe believes thought think thinks suspected suspect could"
)
DENIALS = words(
    "denied denies deny denying denial denials rejected rejects reject rejecting disputed disputes "
    "dispute disputing refuted refutes refute refuting dismissed dismisses dismissing contradicted "
    "contradicts contradicting rebutted rebuts"
)

_FEATURES = {
    "base": "base airbase headquarters barracks bunker fortress fort citadel hq encampment",
    "outpost": "outpost post fort",
    "position": "position",
    "garrison": "garrison",
    "checkpoint": "checkpoint roadblock",
    "crossing": "crossing",
    "border_post": "border-post",
    "border": "border frontier",
    "camp": "camp",
    "village": "village hamlet settlement",
    "town": "town township",
    "city": "city capital suburb neighbourhood neighborhood",
    "airport": "airport airfield airstrip aerodrome runway heliport",
    "port": "port harbour harbor shipyard dock",
    "dam": "dam reservoir",
    "bridge": "bridge",
    "hill": "hill ridge height heights",
    "mountain": "mountain mount peak volcano",
    "wadi": "wadi valley gorge",
    "river": "river stream canal creek",
    "lake": "lake lagoon",
    "island": "island islet",
    "oil_field": "oilfield gasfield",
    "crossroads": "crossroads junction intersection roundabout",
    "zone": "zone cordon perimeter",
    "region": "region province district governorate area sector desert outskirts coast shore "
    "county department state territory enclave pocket countryside oblast peninsula prefecture "
    "canton raion highland steppe delta basin "
    "plateau municipality subdistrict sub-district commune "
    "voivodeship woreda",
    "site": "site facility compound complex building house hospital school mosque church monastery "
    "factory plant refinery mine quarry depot warehouse prison jail embassy consulate ministry "
    "tower farm well station market square hotel hideout shelter tunnel trench gate palace "
    "university clinic museum cemetery stadium orchard mill lighthouse laboratory silo wreck "
    "crater grave temple shrine shop office court courthouse theatre theater dump pumping-station "
    "terminal substation radar battery line wall fence ruin block street road "
    "hall pharmacy bank playground courtyard kiosk estate dispensary hostel motel pumping-house "
    "hangar pier jetty quay wharf kindergarten monument bazaar souk villa smelter steelworks "
    "library cave landfill railway granary waterworks greenhouse weir pit borehole mast workshop "
    "barn ranch plantation dormitory orphanage madrasa causeway berm graveyard statue watchtower "
    "sanatorium cinema pagoda brewery distillery cannery tannery academy college campus lodge "
    "hut guesthouse convent seminary minaret synagogue amphitheatre aqueduct sluice antenna "
    "minefield mausoleum necropolis restaurant cafe supermarket manor chalet sawmill foundry "
    "cathedral viaduct overpass underpass drydock slipway marina gasworks ironworks windmill "
    "planetarium zoo racecourse airdrome helipad firebase stronghold redoubt blockhouse ditch "
    "moat rampart priory hermitage ashram pavilion arena gym swimming-pool incinerator refuge "
    "homestead kibbutz kraal sanctuary reserve "
    "works highway park garden forest field bakery wreckage spring observatory home reactor "
    "centre center store shed footbridge entrance colony relay clearing gatehouse vineyard "
    "kiln chapel abbey smithy stable cistern outfall spillway roadhouse caravanserai brickwork "
    "ironwork saltwork steelwork waterwork gaswork inn barrage shaft morgue transmitter "
    "hub dome tent pump shack homestead farmstead yard scrapyard boatyard stockyard brickyard "
    "junkyard bathhouse icehouse boathouse schoolhouse pillbox sangar silos pylon turbine",
}
FEATURES: dict[str, str] = dict.fromkeys(common_nouns.PLACES.split(), "site") | {
    word: kind for kind, listed in _FEATURES.items() for word in listed.split()
}
_PAIRS = (
    ("air base", "base"),
    ("army base", "base"),
    ("military base", "base"),
    ("naval base", "base"),
    ("border post", "border_post"),
    ("border crossing", "crossing"),
    ("police station", "site"),
    ("power station", "site"),
    ("power plant", "site"),
    ("refugee camp", "camp"),
    ("oil field", "oil_field"),
    ("gas field", "oil_field"),
    ("front line", "site"),
    ("field hospital", "site"),
    ("kill zone", "zone"),
    ("exclusion zone", "zone"),
    ("no-fly zone", "zone"),
    *((f"{use} zone", "zone") for use in ("planning", "firing", "warning", "fishing")),
    ("buffer zone", "zone"),
    *((f"{use} range", "site") for use in ("firing", "test", "shooting", "missile", "gunnery")),
    *(
        (f"{use} station", "site")
        for use in ("pumping", "listening", "polling", "filling", "monitoring", "railway", "radio")
    ),
    *(
        (f"{use} work", "site")
        for use in ("salt", "chemical", "iron", "steel", "water", "gas", "brick", "sewage")
    ),
    *(
        (f"{use} camp", "camp")
        for use in ("training", "logging", "mining", "fishing", "holding", "staging", "labour")
    ),
    *((f"{use} post", "outpost") for use in ("trading", "listening", "staging", "observation")),
    *(
        (f"{use} area", "site")
        for use in ("training", "staging", "assembly", "holding", "storage", "parking", "rest")
    ),
    *((f"{use} zone", "site") for use in ("industrial", "landing", "drop")),
    *((f"{use} circle", "crossroads") for use in ("traffic",)),
    *((f"{use} strip", "airport") for use in ("landing", "air")),
    *((f"{use} ground", "site") for use in ("training", "proving", "testing", "parade")),
    *((f"{use} stage", "site") for use in ("landing",)),
    *((f"{use} village", "village") for use in ("fishing", "farming", "mining", "herding")),
    *((f"{use} town", "town") for use in ("fishing", "farming", "mining", "trading")),
    *((f"{use} landing", "site") for use in ("ferry", "boat", "river")),
    *((f"{use} plant", "site") for use in ("processing", "bottling", "packing", "printing")),
)
FEATURE_PAIRS: dict[tuple[str, str], str] = {
    (words.split()[0], words.split()[1]): kind for words, kind in _PAIRS
}
# Military places: one writer's base is another's outpost, and a name before it is the place's own.
BASE_LIKE = frozenset({"base", "outpost", "garrison", "camp", "checkpoint"})
# "the town of Dabil", "the port of Lamiya": the name after "of" is the place's own.
OF_NAMED = frozenset(
    {"village", "town", "city", "port", "island", "river", "lake", "camp", "crossing", "base"}
    | {"mountain", "hill", "region", "wadi", "oil_field", "airport", "crossroads", "border_post"}
    | {"outpost", "checkpoint"}
)
# "river Sajur", "Lake Assad", "Mount Hermon": the name follows without "of".
NAME_FOLLOWS = words("platform river lake mount mountain port fort island camp wadi hill volcano")
# "the capital Colombo": the name follows and stands by itself.
NAME_IS_APART = words("capital city town village province district governorate hamlet suburb")
SETTLEMENTS = frozenset({"village", "town", "city"})

# "The tanker Almira", "the frigate X": the name follows.
SHIPS = words(
    "tanker carrier destroyer frigate ship vessel warship submarine trawler freighter ferry yacht "
    "tug dhow barge gunboat corvette cruiser steamer rig"
)
FORCES = (
    SHIPS
    | words(f"{common_nouns.PEOPLE} {common_nouns.VEHICLES}")
    | words(
        "launcher pickup staff miner settler passenger prisoner gunner digger "
        "armour armor personnel howitzer paramilitary reservist cadet officer-cadet infantryman "
        "army force troop soldier rebel fighter militia militant insurgent brigade division corps "
        "regiment battalion unit convoy marine paratrooper guard police navy column engineer tank "
        "military ranger commando gunman airman sailor jihadist peacekeeper infantry artillery "
        "patrol squad platoon garrisons separatist loyalist mercenary serviceman aircraft "
        "ship vessel "
        "warship submarine jet helicopter drone plane vehicle truck bus boat tanker "
        "carrier destroyer "
        "frigate villager resident civilian refugee family people protester demonstrator "
        "worker men "
        "women child children migrant firefighter rescuer medic crowd coalition alliance americans "
        "sapper guerrilla guerilla bandit raider looter herder nomad settler local "
        "gendarme trooper "
        "pirate hijacker kidnapper volunteer legionnaire cavalry hunter surveyor geologist "
        "electrician "
        "mechanic baker gendarmerie intelligence-officer frogman lorry trawler freighter "
        "ferry yacht "
        "tug dhow barge "
        "defector lawyer doctor activist cleric preacher photographer cameraman prisoner detainee "
        "hostage suspect smuggler trafficker sniper pilot driver crew spy agent diplomat consul "
        "businessman oligarch scientist physicist teacher student nurse priest monk prosecutor "
        "politician dissident exile fugitive terrorist negotiator mediator aide bodyguard trainer "
        "instructor contractor conscript recruit veteran surgeon survivor farmer fisherman "
        "shepherd "
        "merchant trader tourist pilgrim mourner orphan squad faction cell gang detachment "
        "contingent "
        "flotilla fleet warplane bomber gunship bulldozer excavator ambulance train tram lorry "
        "journalist reporter observer inspector delegation team group opposition ally proxy"
    )
)
PERSONS = words(common_nouns.RANKS) | words(
    "general colonel major captain lieutenant sergeant commander minister president envoy "
    "ambassador spokesman spokeswoman official leader chief governor mayor king queen prince "
    "senator secretary sheikh marshal admiral brigadier officer director premier chancellor "
    "guest man woman boy girl pope bishop judge lawmaker adviser advisor deputy warlord emir imam"
)
# "The cleric Abu Rashid": what he does comes with the name.
TRADES = words(
    "cleric preacher priest monk activist journalist reporter photographer cameraman lawyer doctor "
    "diplomat consul businessman scientist physicist teacher nurse prosecutor politician dissident "
    "fugitive terrorist mediator negotiator smuggler surgeon imam financier trafficker oligarch"
)
TITLES = (
    PERSONS | TRADES | words("mr mrs ms dr gen col lt maj capt sgt brig adm prof sen gov sir lord")
)

_IRREGULAR_PLURALS = {
    "men": "man",
    "women": "woman",
    "people": "people",
    "police": "police",
    "children": "child",
    "corps": "corps",
    "forces": "force",
    "headquarters": "headquarters",
    "works": "works",
    "barracks": "barracks",
    "crossroads": "crossroads",
    "heights": "heights",
    "outskirts": "outskirts",
    "aircraft": "aircraft",
    "servicemen": "serviceman",
    "airmen": "airman",
    "gunmen": "gunman",
    "ruins": "ruin",
    "buses": "bus",
}
_PLURAL_ONLY = words("men women people police children servicemen airmen gunmen forces heights")


@lru_cache(maxsize=16384)
def singular(word: str) -> str:
    """The singular of a lower-case English noun, as far as the lexicon needs it."""
    if word in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[word]
    if word.endswith("ies") and len(word) > len("ties"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=16384)
def is_plural(word: str) -> bool:
    """Whether a lower-case noun looks plural."""
    if word.endswith("works"):
        return False
    return word in _PLURAL_ONLY or (word not in _IRREGULAR_PLURALS and singular(word) != word)


# Given names common in English-language reports, less those that open the names of many places.
GIVEN_NAMES = words(
    "john james robert michael william david richard joseph thomas charles christopher daniel "
    "matthew anthony mark donald steven andrew paul joshua kenneth kevin brian george timothy "
    "ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott "
    "brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron "
    "adam nathan henry peter kyle jeremy walter keith roger terry sean philip alan simon martin "
    "barack vladimir boris sergei dmitry ivan igor oleg volodymyr hans karl jean pierre jacques "
    "carlos juan luis jose miguel pedro marco giovanni mohammed mohamed muhammad ahmed mustafa "
    "ibrahim mahmoud yusuf abdullah khalid "
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa betty "
    "margaret sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie "
    "rebecca laura sharon cynthia kathleen amy angela anna emma nicole helen katherine christine "
    "rachel carolyn janet maria heather diane julie joyce kelly christina joan hillary hilary "
    "olga natalia fatima paris austin florence chelsea"
)
# "Paris Airport", "St John Falls", "Charlotte Town": names of places, whatever they begin with.
PLACE_HINTS = words(
    "falls town bay creek hills springs land beach cove harbour cape head rock rocks point "
    "islands heights castle abbey cathedral nord sud est ouest north south east west city ville "
    "burg county pass glacier sound strait inlet channel reef wood woods green common cross "
    "hall house arms stadium arena"
)

# Capitalised at the head of a line or in Title Case, these are still no names.
TOP_WORDS = words(
    "smoke damage fighting heavy top high local young old senior armed dead wounded displaced "
    "empty destroyed burned burnt more many few several one two three four five six seven eight "
    "nine ten dozens hundreds thousands view aerial satellite drone file photo picture image "
    "footage "
    "undated path rubble debris remains traffic prices turnout rockets ambulances flames ruined "
    "government opposition loyalist loyalists allied foreign special security air ground mortar "
    "victims mourners relatives schoolchildren pupils students farmers fishermen refugees shoppers "
    "passers-by onlookers medics burning abandoned captured suspected both some most all other "
    "elsewhere meanwhile state army military police field prime brigade heights villages houses "
    "shells mortars tents cars snow rain floodwater sand dust oil gas power water road river"
)
