// The words of the interface for the codes of the API.
import { t } from "../i18n.js";

export const STATE = {
  collected: () => t("To be filed"),
  filed: () => t("Waiting to be dispatched"),
  dispatched: () => t("Dispatched"),
  handling: () => t("Being handled"),
  suspended: () => t("Suspended"),
  fed_back: () => t("Handled, to be checked"),
  verifying: () => t("Being verified"),
  closed: () => t("Closed"),
  evaluated: () => t("Rated"),
};

// Of a sign of the map, which stands for neighbouring states.
export const SIGN = { ...STATE, closed: () => t("Closed today") };

export const OUTCOME = {
  meets: () => t("Meets the standard"),
  short: () => t("Too small"),
  unknown: () => t("Not recorded"),
};

export const STANDARD = {
  "by-area-class": () => t("By area class"),
  citywide: () => t("Citywide"),
};

export const FACILITY = {
  district_centre: () => t("District service centre"),
  street_centre: () => t("Street acceptance centre"),
  station: () => t("Community service station"),
};

export const LEVEL = {
  city: () => t("City"),
  district: () => t("District"),
  street: () => t("Street"),
  community: () => t("Community"),
  cell: () => t("Grid cell"),
};

export const AREA_CLASS = {
  new: () => t("New or rebuilt area"),
  old_city: () => t("Old city or conservation area"),
};

export const CELL_KIND = {
  ordinary: () => t("Ordinary cell"),
  dedicated: () => t("Dedicated cell"),
};

export const ROLE = {
  head: () => t("Head of the cell"),
  worker: () => t("Grid worker"),
  substitute: () => t("Substitute"),
};

export const LOCATED = {
  inside: () => null,
  border: () => t("Exactly on a border: the lowest code was chosen."),
  gap: () => t("Just outside every cell: the nearest one was chosen and has to confirm."),
  picked: () => t("Near a border: who reported it picked the cell on the spot."),
  none: () => t("Outside every cell: an office looks after it."),
};

export const EVENT = {
  report: () => t("Reported"),
  collect: () => t("Collected"),
  file: () => t("Filed"),
  dismiss: () => t("Dismissed"),
  dispatch: () => t("Dispatched"),
  assign: () => t("Assigned by hand"),
  accept: () => t("Accepted"),
  return: () => t("Returned"),
  hand_over: () => t("Handed over"),
  reclassify: () => t("Corrected"),
  escalate: () => t("Escalated"),
  finish: () => t("Finished"),
  check: () => t("Sent to be verified"),
  verify: () => t("Verified"),
  reject: () => t("Sent back to be redone"),
  suspend: () => t("Suspended"),
  resume: () => t("Resumed"),
  close: () => t("Closed"),
  rate: () => t("Rated"),
  reopen: () => t("Reopened"),
  ask_extension: () => t("Asked for more time"),
  extend: () => t("Given more time"),
  refuse_extension: () => t("More time refused"),
  remind: () => t("Reminded"),
  overdue: () => t("Overdue"),
  ask_help: () => t("Asked for help"),
  help: () => t("Helped"),
  whistle: () => t("Departments whistled for"),
  report_in: () => t("Reported in on the spot"),
  follow: () => t("Reported again"),
  link: () => t("Linked to its parent case"),
  unlink: () => t("Unlinked from its parent case"),
  note: () => t("Note"),
};

export function say(words, code) {
  return code in words ? words[code]() : code;
}

export const EXPORT_LAYER = {
  streets: () => t("Streets"),
  communities: () => t("Communities"),
  cells: () => t("Grid cells"),
  facilities: () => t("Service network"),
  network: () => t("Street network"),
  nodes: () => t("Nodes of the street network"),
  residences: () => t("Homes"),
  workers: () => t("Grid workers (masked)"),
  incidents: () => t("Incidents"),
  cases: () => t("Cases"),
  "service-areas": () => t("Service areas"),
  landmarks: () => t("Landmarks"),
  calendar: () => t("Working calendar"),
};

export const EXPORT_FORMAT = {
  gpkg: () => t("GeoPackage"),
  shapefile: () => t("Shapefile (ZIP)"),
  geojson: () => t("GeoJSON"),
  xlsx: () => t("Excel workbook"),
  csv: () => t("CSV table"),
  parquet: () => t("GeoParquet"),
  fgb: () => t("FlatGeobuf"),
  kml: () => t("KML"),
};

export const EXPORT_PLACE = {
  cgcs2000: () => t("CGCS2000, degrees"),
  wgs84: () => t("WGS84, degrees"),
  gcj02: () => t("GCJ-02, Chinese web maps"),
  zone: () => t("The city's zone, metres"),
};
