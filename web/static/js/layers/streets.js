// Streets and buildings from vector tiles, drawn by protomaps-leaflet in the colours of the page.
import { page } from "../page.js";
import { colour, token } from "../tokens.js";

const TILES = (name) => `/api/tiles/${name}/{z}/{x}/{y}.mvt`;
const RANKS = [
  { kinds: ["motorway", "trunk"], width: [1.4, 3, 7, 16], isMain: true, from: 0 },
  { kinds: ["primary"], width: [1.1, 2.6, 6, 14], isMain: true, from: 0 },
  { kinds: ["secondary"], width: [0.8, 2, 5, 12], isMain: true, from: 0 },
  { kinds: ["tertiary"], width: [0, 1.3, 3.6, 9], from: 12 },
  { kinds: ["unclassified", "residential", "living_street"], width: [0, 0.8, 2.6, 7], from: 13 },
  { kinds: ["service", "pedestrian", "footway", "path", "track", "steps", "cycleway"], width: [0, 0.4, 1.2, 3.5], from: 14 },
];
const STOPS = [11, 13, 15, 18];

// Over a base map of somebody else's there are streets already.
export function addStreets(map, view) {
  if (page.has_base_map) return;
  createStreets("streets").addTo(map);
  const homes = createHomes("buildings");
  const follow = () => (view.get().on.has("buildings") ? homes.addTo(map) : homes.remove());
  view.on(["on"], follow);
  follow();
}

function createStreets(pane) {
  const options = { url: TILES("streets"), maxDataZoom: 15, pane, attribution: "", lang: page.language };
  return protomapsL.leafletLayer({ ...options, paintRules: paintRules(), labelRules: labelRules() });
}

function createHomes(pane) {
  const rule = { dataLayer: "residences", minzoom: 15, symbolizer: homeBlocks() };
  const options = { url: TILES("residences"), minZoom: 15, maxDataZoom: 15, pane, attribution: "" };
  return protomapsL.leafletLayer({ ...options, paintRules: [rule], labelRules: [] });
}

// Edges of all streets first, then their surfaces, lesser streets below greater ones.
function paintRules() {
  const upwards = [...RANKS].reverse();
  return [...upwards.map((rank) => streetRule(rank, true)), ...upwards.map((rank) => streetRule(rank, false))];
}

function streetRule(rank, isEdge) {
  const name = rank.isMain ? "street-main" : "street";
  const symbolizer = new protomapsL.LineSymbolizer({
    color: colour(isEdge ? `${name}-edge` : name),
    width: (zoom) => width(rank, zoom) + (isEdge ? edge(zoom) : 0),
    lineCap: "round",
    lineJoin: "round",
  });
  return { dataLayer: "streets", symbolizer, filter: (zoom, feature) => zoom >= rank.from && isOf(rank, feature) };
}

// Thin from afar, where many streets lie side by side.
function edge(zoom) {
  return zoom < 14 ? 0.7 : 1.5;
}

function isOf(rank, feature) {
  return rank.kinds.includes(String(feature.props.kind).replace(/_link$/, ""));
}

function width(rank, zoom) {
  return protomapsL.exp(1.4, STOPS.map((stop, index) => [stop, rank.width[index]]))(zoom);
}

function labelRules() {
  const symbolizer = new protomapsL.LineLabelSymbolizer({
    labelProps: ["name"],
    fill: colour("label-soft"),
    stroke: colour("label-halo"),
    width: 2.5,
    font: `400 11px ${token("type-family")}`,
  });
  return [{ dataLayer: "streets", symbolizer, minzoom: 16 }];
}

// A residence is a point; a small block stands for the house.
function homeBlocks() {
  return {
    draw(context, geometry, zoom) {
      const half = Math.max(1.2, 2 ** (zoom - 16) * 2.2);
      context.globalAlpha = 1;
      context.fillStyle = colour("building");
      for (const [{ x, y }] of geometry) context.fillRect(x - half, y - half * 0.8, half * 2, half * 1.6);
    },
  };
}
