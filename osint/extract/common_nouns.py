"""More nouns of reports: people, what they ride in, and what stands on the ground.

Singular, lower case. ``lexicon.py`` adds them to its classes; those that are as often something
else ("party", "track", "plain") are left out on purpose.
"""

from __future__ import annotations

PEOPLE = (
    "monitor delegate owner technician paramedic sentry sentinel lookout submariner navigator "
    "deminer scout irregular partisan extremist islamist radical jihadi attacker assailant robber "
    "thief poacher dealer gangster operative informant deserter asylum-seeker inmate captive "
    "victim casualty worshipper believer nun pupil schoolchild schoolboy schoolgirl baby toddler "
    "mother father parent wife husband widow household relative inhabitant "
    "citizen islander pastoralist peasant grower labourer laborer docker fisherfolk vendor "
    "shopkeeper stallholder customer shopper commuter traveller traveler visitor spectator "
    "bystander onlooker passer-by passers-by witness rioter campaigner aid-worker diver climber "
    "hiker forester logger lumberjack researcher analyst expert archaeologist builder "
    "bricklayer carpenter welder trucker biker motorcyclist cyclist rider chauffeur cook cleaner "
    "correspondent editor blogger actor singer musician artist player footballer athlete "
    "interpreter translator assistant clerk bureaucrat bailiff auditor banker executive mob "
    "throng procession vanguard rearguard squadron townspeople schoolteacher seafarer stoker "
    "boatman porter muleteer trapper fencer grave-digger gravedigger welder dockworker "
    "oil-worker steelworker coalminer roadworker shipbuilder minder warder beekeeper goatherd "
    "camel-driver draughtsman custodian caretaker watchman bailiff tribesman clansman "
    "separatist secessionist monarchist royalist nationalist supporter follower backer foe enemy "
    "invader occupier defender besieger adviser advisor newcomer returnee squatter homeowner "
    "tenant landowner pensioner teenager youth adult newborn twin sibling brother sister son "
    "daughter uncle aunt cousin grandmother grandfather friend colleague comrade leader "
    "policeman policewoman crewman mortarman cavalryman artilleryman militiaman militiawoman "
    "fireman herdsman horseman seaman submariner rifleman militiamen frogman spaceman cameraman "
    "evacuee returnee deportee escapee internee abductee trainee enlistee "
    "organiser organizer trade-unionist striker picket marcher demonstrator delegate lawmaker"
)
VEHICLES = (
    "car van minibus jeep apc ifv halftrack half-track tractor crane forklift motorcycle "
    "motorbike bike bicycle cart wagon locomotive carriage airliner uav glider balloon airship "
    "dinghy raft canoe kayak cutter minesweeper dreadnought speedboat lifeboat hovercraft gun "
    "cannon sedan taxi rickshaw moped scooter snowplough snowmobile sledge trailer digger loader "
    "grader steamroller transporter bowser humvee technicals buggy skiff pirogue catamaran "
    "schooner sailboat rowboat motorboat icebreaker dredger bulker freighter quadcopter biplane "
    "seaplane turboprop airlifter interceptor minelayer minehunter landing-craft cruiser flagship"
)
RANKS = (
    "speaker chairman chairwoman commissioner spokesperson constable legislator councillor mullah "
    "rabbi prefect magistrate sultan princess chieftain headman inspector-general attorney "
    "ombudsman rector dean curator boss manager coordinator superintendent patriarch archbishop "
    "cardinal"
)
PLACES = (
    "platform berth railhead beacon buoy reef shoal standpipe latrine hospice creche elevator adit "
    "ghetto emplacement taxiway cove atoll canyon mound meadow pasture printworks siding "
    "lab "
    "installation bridgehead sandbank hilltop breakwater mole "
    "beach nursery institute gallery tomb castle barrier "
    "apartment parliament interchange motorway avenue pipeline oasis swamp marsh memorial "
    "safehouse cache arsenal armoury armory seaport spaceport cosmodrome launchpad garage carpark "
    "plaza boulevard embankment dyke levee windfarm stall mall powerplant watermill waterfall "
    "headland promontory spur escarpment dune saltpan crossroad campsite trailer-park caravan-park "
    "canteen barbershop tearoom teahouse bookshop boutique showroom salon studio newsroom archive "
    "townhouse penthouse bungalow mansion cottage farmhouse cabin hovel outbuilding annexe annex "
    "guardhouse guardroom guardpost sentry-box watchpost lookout-post turnstile tollbooth "
    "customs-house customs-post weighbridge ramp lift-shaft stairwell cellar basement rooftop "
    "polyclinic infirmary leprosarium maternity-ward ward blood-bank madrassa maktab seminary "
    "hydroplant powerhouse switchyard transformer penstock culvert trestle flyover ford "
    "anchorage roadstead boathouse fishery hatchery abattoir slaughterhouse tobacco-shed silo "
    "press-house winery oil-press mint treasury observatory ropeway funicular cableway chairlift "
    "weather-station ice-rink velodrome hippodrome bathhouse hammam spa lido pumphouse wellhead "
    "rig oil-rig derrick flare-stack tank-farm drill-site quarry-face opencast colliery "
    "slagheap spoil-heap tailings-pond leach-field firing-point foxhole dugout earthwork "
    "dragon's-teeth barricade tripwire fortification strongpoint parapet bastion casemate "
    "embrasure gun-pit mortar-pit helipad drop-zone vehicle-park motor-pool"
)
