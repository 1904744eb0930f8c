"""The words of events on the ground: what can happen on a day, and to what it cannot.

A *plain* event verb tells of an observable change whatever its subject ("was shelled"). A *wide*
one is used of money, talks and sport as well ("fell", "opened", "hit"), so its subject has to be a
thing that can be somewhere, and its object must be no deal, record or vote.
"""

from __future__ import annotations

from osint.extract.abstract import is_abstract
from osint.extract.lexicon import FORCES, PERSONS, singular, words

_PLAIN = (
    "build rebuild bomb bombard shell capture recapture seize retake destroy demolish withdraw "
    "evacuate reopen deploy redeploy attack assault storm raid ambush besiege liberate overrun "
    "occupy encircle blockade torch raze bulldoze flatten dynamite detonate explode erupt collapse "
    "crash sink burn loot ransack vandalise vandalize erect construct install dig dismantle "
    "relocate abandon vacate desert flood intercept down topple wreck breach infiltrate kill wound "
    "injure maim behead execute massacre displace flee escape drown "
    "derail collide ram land disembark unload airlift parachute station garrison fortify mine "
    "demine airdrop pillage plunder invade annex mobilise mobilize muster shoot sabotage hijack "
    "damage devastate incinerate engulf obliterate level reoccupy retreat regroup expel oust rout "
    "rock pound pummel batter gut ravage scorch jolt peg shatter breach impound dredge trench "
    "lengthen widen enlarge resurface pave repave renovate refurbish modernise modernize upgrade "
    "excavate resettle repopulate depopulate reinforce overfly scuttle "
    "hoist crater "
    "empty rip chop uproot blast char crumble crack cripple deface disable drain eject evict "
    "exhume extinguish fence ferry gas herd ignite knock lob overturn pelt pierce plough "
    "puncture quit regain rupture scatter seal sever slam smash spray stampede strand strip "
    "submerge tow trample uproot weld wreck winch haul refloat beach capsize founder dismount "
    "overwhelm repulse repel sack vanish wash snap wreck prise detonate rake riddle bisect "
    "disgorge evacuate decamp bivouac entrench disarm intern raise-up shore heap pile chain tunnel "
    "strafe rocket mortar firebomb arrive depart dock anchor moor block barricade cordon "
    "inundate deport expel pummel desecrate asphalt electrify contaminate pollute poison "
    "quarantine defuse airdrop mothball decommission reactivate overflow cave wrest unveil "
    "unblock disconnect restart disband pitch uninstall reinstall rig shake freeze desalinate "
    "bog reroute reposition outflank recross encamp barrage carpet-bomb cluster-bomb drone "
    "electrocute suffocate gas decimate eradicate dislodge flush chase smuggle offload uproot "
    "unearth exhume cremate inter embalm fell log clear-cut irrigate refuel rearm resupply "
    "crush mutiny immobilise immobilize tether hole pepper perforate shear splinter fracture "
    "buckle subside "
    "sag tilt topple implode combust smoulder smolder melt erode silt clog choke"
)
_WIDE = (
    "reach set open take strike hit fall close shut cross enter leave move advance push break "
    "begin start resume halt stop end launch fire clash cut clear surround surrender expand extend "
    "establish complete finish repair restore carry conduct drop go come happen occur lift gain "
    "lose return hand pull march travel sail fly gather assemble mass blow pass run drive spread "
    "sweep tear steal lay bury discover find recover uncover unearth damage penetrate join "
    "transfer deliver ship dump spill leak burst swarm roll march pour hoist raise lower plant "
    "inaugurate set-off patrol search inspect secure control "
    "consolidate disperse rescue free release test "
    "split link connect cut-off isolate rebuild halt ground divert board impound search occupy "
    "remove replace convert commission cease disappear reappear activate deactivate switch "
    "cover fill plug swing slide slip plunge flow seep overtake overpower shift vent smash lock "
    "unlock tighten loosen ration cancel suspend sell target "
    "snatch extinguish douse wipe"
)
PLAIN_EVENTS = words(_PLAIN)
WIDE_EVENTS = words(_WIDE)

# What happens: as a subject it can begin, as an object it can be carried out.
EVENT_NOUNS = words(
    "attack assault strike airstrike air-strike raid bombing bombardment shelling shooting "
    "explosion blast fire blaze siege battle fighting clash ambush offensive operation advance "
    "withdrawal evacuation retreat construction building demolition destruction work flood "
    "flooding landslide earthquake quake eruption collapse crash massacre incursion invasion "
    "deployment landing takeover capture arson barrage salvo volley detonation skirmish exodus "
    "displacement bombardment blockade search rescue dredging excavation digging repair arrival "
    "airlift sinking derailment collision outbreak attempt drill exercise"
)
# What does things though it is neither a place nor a person.
AGENTS = words(
    "rocket missile shell bomb bomber mortar mine drone projectile grenade round bulldozer "
    "excavator warplane fighter-jet gunship cruiser tugboat ferry freighter train helicopter storm "
    "cyclone hurricane typhoon tsunami tornado wave lava mudslide avalanche water floodwater "
    "attacker assailant smuggler inmate prisoner detainee hostage survivor resident evacuee "
    "squadron flotilla armada contractor builder surveyor sapper deminer mercenary faction "
    "junta government regime authority administration state leadership command "
    "group cell gang crew detachment contingent vanguard outfit legion regiment mob wildfire "
    "mission agency council consortium organisation organization kingdom republic movement front "
    "landmine rain downpour hail gale wind snowfall snowstorm sandstorm hailstorm thunderstorm "
    "lightning rainstorm surge tide current swell torrent rockfall sinkhole tremor aftershock "
    "spill leak ash flame smoke company operator contractor utility firm diver mutineer deserter "
    "investigator saboteur arsonist hacker marauder raider rioter protester demonstrator squatter "
    "trafficker poacher rustler brigade-group fire-brigade firefighter crossfire gunfire shellfire "
    "ice fog snow mist smog dust mud mudflow blizzard drought frost heatwave monsoon "
    "squall magma lahar "
    "whirlwind downdraught floodwaters typhoon "
    "shrapnel warhead torpedo airship balloon glider barge dredger icebreaker tug"
)
# What is built, driven, grown or strung: it can be hit, fall, close or burn.
THINGS = words(
    "main pipe pipeline ward route pontoon locomotive crop system dish archive lock levee dyke "
    "dike embankment seawall wagon carriage motorcade roof chimney crane line cable wire grid "
    "network supply power electricity water gas oil fuel gasoline diesel grain wheat harvest "
    "flight "
    "service traffic rail track rail-line sleeper signal lane ramp underpass stairway lift "
    "elevator escalator door window facade dome spire bell clock tank cistern drum barrel cargo "
    "container load shipment ammunition munition weapon armoury armory gun cannon rifle mortar-pit "
    "parachute vault safe cash-machine server exchange mast sign billboard flag banner tree forest "
    "wood bush grass pasture herd flock cattle livestock animal sheep goat camel body corpse "
    "remains coffin debris rubble wall floor ceiling foundation basement cellar attic balcony "
    "terrace stand seat tribune pitch pool fountain pump valve well-head wellhead rig platform "
    "derrick flare boiler furnace oven kiln generator transformer turbine panel solar-panel "
    "battery reactor unit block wing section span arch pier pillar column girder beam deck hull "
    "bow stern engine rotor tail cockpit fuselage wheel tyre tire bank riverbank shore beach cliff "
    "slope hillside dune glacier ice snowpack lake-bed riverbed dam-wall spillway gate sluice "
    "aqueduct channel ditch culvert drain sewer manhole latrine toilet kitchen canteen dormitory "
    "classroom laboratory operating-theatre pharmacy studio newsroom printing-press press office "
    "stall kiosk shop store mall arcade car taxi minibus bus van pickup motorcycle motorbike "
    "bicycle tractor trailer caravan cart boat dinghy raft canoe lifeboat equipment device "
    "installation infrastructure defence defense fortification barrier barricade obstacle "
    "earthwork parapet emplacement dugout nest hideaway settlement encampment plot field acre "
    "hectare area zone line front frontline salient bridgehead pocket corridor"
)
# Objects and subjects that turn a wide verb into talk, trade, weather or sport.
_NOT_GROUND = words(
    "agreement accord deal talk record level peak high low mark milestone compromise consensus "
    "settlement-deal verdict decision conclusion office power place note shape effect "
    "investigation inquiry probe trial case lawsuit hearing campaign website app product service "
    "book film movie album song exhibition festival season match game race final tournament cup "
    "medal title goal point score election vote poll ballot referendum parliament session summit "
    "conference debate meeting visit negotiation dialogue market-share share stock index currency "
    "price rate temperature sanction tariff law bill budget strike-action contract bid "
    "account show exam school-year term championship league party coalition-talk "
    "presidency chair seat resignation criticism pressure speculation doubt row scandal mood "
    "headline news nerve snag milestone turnout inflation unemployment growth export import "
    "production profit sale trade mandate ceasefire truce bloc union career marriage life love "
    "phase stage race lead hospital-bill responsibility stance tone oath credit blame"
)


def is_agent(head: str, *, kind: str | None, role: str, named: bool) -> bool:
    """Whether a thing can move, be hit or fall on the ground: the subject of a wide event verb."""
    if head in _NOT_GROUND:
        return False
    if role != "unknown" or kind is not None or named:
        return True
    known = head in AGENTS or head in EVENT_NOUNS or head in THINGS
    return known or head in FORCES or head in PERSONS


def is_immaterial(head: str) -> bool:
    """Whether an object of an event verb makes it talk, trade or sport: "reached a deal"."""
    plain = singular(head)
    return plain not in EVENT_NOUNS and (plain in _NOT_GROUND or is_abstract(plain))
