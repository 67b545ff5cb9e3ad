"""The categories of goods that can be listed, each with the attributes that it declares."""

from collections.abc import Mapping
from functools import cache

from domain.listings.goods.products import PRODUCTS
from domain.listings.goods.wholesale import BULK
from domain.listings.schema import Category, category, choice, flags, measure, slugs, text, whole

CONDITIONS = slugs("New in stock, New on order, Display model, Used, For parts")
MATERIALS = slugs(
    "GRP, PVC, Steel, Wood, Aluminium, Plastic, Carbon fibre, Thermoplastic, Hypalon, Reinforced concrete, Rubber, Plywood, Other"
)
BOAT_TYPES = slugs(
    "Bowrider, Cabin boat, Canoe, Catamaran, Center console, Classic, Day sailer, Deck boat, Dinghy, Fishing boat, Flybridge, Hardtop, "
    "House boat, Jet ski, Kayak, Ketch, Launch, Mega yacht, Motor yacht, Motorsailer, Offshore boat, Passenger boat, Pilothouse, "
    "Pontoon boat, RIB, Rowing boat, Runabout, Sailing yacht, Sport boat, Trawler, Trimaran, Wakeboard/Wakesurf, Water ski, "
    "Working boat, Other"
)
FUELS = slugs("Diesel, Petrol, Electric, Gas, Propane, Hybrid, Other")
ENGINE_TYPES = slugs("Inboard, Outboard, Sterndrive, Saildrive, Pod, Jet, None")
FEATURES = slugs(
    "Anchor, Autopilot, Bathing platform, Bow thruster, Cover, Depth sounder, Fridge, GPS plotter, Heating, Air conditioning, Hot water, "
    "Kitchen, Navigation lights, Radar, Shower, Solar panels, Stern thruster, Teak deck, Toilet, Trailer, VHF radio, Water tank"
)


BOATS = category(
    "boats",
    "Boats",
    [
        flags("type", "Type", BOAT_TYPES, required=True),
        text("maker", "Maker", facet=True),
        text("model", "Model"),
        whole("year", "Year built", 1800, 2100, facet=True),
        choice("condition", "Condition", CONDITIONS),
        measure("length", "Length over all", "m", 1, 200, facet=True),
        measure("beam", "Beam", "m", 0.3, 60),
        measure("draught", "Draught", "m", 0, 20),
        measure("displacement", "Displacement", "kg", 1, 50_000_000),
        choice("material", "Hull material", MATERIALS),
        text("engine", "Engine"),
        choice("engineType", "Engine type", ENGINE_TYPES),
        whole("engines", "Number of engines", 0, 12),
        measure("power", "Engine power in all", "kW", 0, 100_000),
        whole("engineHours", "Engine hours", 0, 500_000, unit="h"),
        choice("fuel", "Fuel", FUELS),
        measure("fuelTank", "Fuel tank", "L", 0, 1_000_000),
        measure("waterTank", "Water tank", "L", 0, 1_000_000),
        measure("topSpeed", "Top speed", "kn", 0, 200, decimals=1),
        whole("cabins", "Cabins", 0, 100),
        whole("berths", "Berths", 0, 500),
        whole("passengers", "Passengers allowed", 0, 5_000),
        flags("features", "Features", FEATURES),
    ],
)

BOAT_PARTS = category(
    "boat-parts",
    "Boat parts and engines",
    [
        choice(
            "partType",
            "Type of part",
            slugs(
                "Engine, Propeller, Sail, Mast, Anchor, Electronics, Electrical, Pump, Steering, Tender, Safety, Upholstery, Cover, Other"
            ),
            required=True,
        ),
        text("maker", "Maker", facet=True),
        text("model", "Model"),
        text("partNumber", "Part number"),
        text("fits", "Fits"),
        whole("year", "Year made", 1800, 2100, facet=True),
        choice("condition", "Condition", CONDITIONS, required=True),
        measure("power", "Power", "kW", 0, 100_000),
        measure("weight", "Weight", "kg", 0, 1_000_000),
    ],
)

TRAILERS = category(
    "trailers",
    "Trailers",
    [
        choice("trailerType", "Type", slugs("Roller, Bunk, Jet ski, Harbour, Flatbed, Cradle, Other"), required=True),
        text("maker", "Maker", facet=True),
        text("model", "Model"),
        whole("year", "Year made", 1900, 2100, facet=True),
        choice("condition", "Condition", CONDITIONS),
        measure("maximumBoatLength", "Longest boat carried", "m", 1, 40),
        measure("payload", "Payload", "kg", 0, 200_000, facet=True),
        measure("grossWeight", "Gross weight allowed", "kg", 0, 250_000),
        whole("axles", "Axles", 1, 12),
        flags("features", "Features", slugs("Brakes, Spare wheel, Winch, Submersible lights, 100 km/h approval, Lock")),
    ],
)

MOORINGS = category(
    "moorings",
    "Moorings and berths",
    [
        choice("mooringType", "Type", slugs("Berth, Buoy, Dry stack, Boathouse, Winter storage, Other"), required=True),
        choice("tenure", "Offered", slugs("For sale, Year, Season, Month, Day"), required=True),
        measure("maximumLength", "Longest boat", "m", 1, 200, facet=True),
        measure("maximumBeam", "Widest boat", "m", 0.3, 60),
        measure("depth", "Depth of water", "m", 0, 100),
        flags("features", "Features", slugs("Water, Electricity, Crane, Parking, Toilets, Guarded")),
    ],
)

OTHER = category(
    "other",
    "Anything else",
    [
        text("maker", "Maker", facet=True),
        text("model", "Model"),
        choice("condition", "Condition", CONDITIONS),
        whole("year", "Year made", 1800, 2100, facet=True),
    ],
)

CATEGORIES: Mapping[str, Category] = {each.slug: each for each in (BOATS, BOAT_PARTS, TRAILERS, MOORINGS, OTHER, *PRODUCTS, *BULK)}


@cache
def within(slug: str) -> tuple[str, ...]:
    """The category itself and all below it; what is no category has nothing below it."""
    below = [each.slug for each in CATEGORIES.values() if each.parent == slug]
    return (slug, *(found for each in below for found in within(each)))
