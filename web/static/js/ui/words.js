// The words of the interface for the codes of the API.
import { t } from "../i18n.js";

export const STATE = {
  filed: () => t("Waiting to be dispatched"),
  dispatched: () => t("Dispatched"),
  handling: () => t("Being handled"),
  verifying: () => t("Being verified"),
  suspended: () => t("Suspended"),
  closed: () => t("Closed"),
};

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
  none: () => t("Outside every cell: an office looks after it."),
};

export const EVENT = {
  report: () => t("Reported"),
  file: () => t("Filed"),
  dispatch: () => t("Dispatched"),
  accept: () => t("Accepted"),
  return: () => t("Returned"),
  finish: () => t("Finished"),
  suspend: () => t("Suspended"),
  resume: () => t("Resumed"),
  verify: () => t("Verified"),
  reopen: () => t("Reopened"),
  close: () => t("Closed"),
};

export function say(words, code) {
  return code in words ? words[code]() : code;
}
