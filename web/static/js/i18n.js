// Texts of the catalogue by their English key, and numbers, times and names in the language of the page.
import { page } from "./page.js";

const response = await fetch(`/i18n/${page.language}.json`);
const catalogue = response.ok ? await response.json() : {};
const locale = page.language === "zh" ? "zh-CN" : "en-GB";
const formats = {
  number: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
  percent: new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }),
  time: new Intl.DateTimeFormat(locale, { timeZone: page.timezone, dateStyle: "medium", timeStyle: "short" }),
  clock: new Intl.DateTimeFormat(locale, { timeZone: page.timezone, hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  wall: new Intl.DateTimeFormat("en-GB", { timeZone: page.timezone, timeStyle: "medium", hourCycle: "h23" }),
};

// `{name}` in a text stands for the value of that name.
export function t(key, values = {}) {
  const text = catalogue[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function number(value) {
  return value === null || value === undefined ? t("not recorded") : formats.number.format(value);
}

export function squareMetres(value) {
  return value === null || value === undefined ? t("not recorded") : `${formats.number.format(value)} m²`;
}

export function percent(share) {
  return formats.percent.format(share);
}

export function time(moment) {
  return formats.time.format(new Date(moment));
}

export function clock(moment) {
  return formats.clock.format(new Date(moment));
}

// When the current day began in the page's time zone.
export function midnight() {
  const parts = formats.wall.formatToParts(Date.now());
  const [hour, minute, second] = ["hour", "minute", "second"].map((name) => Number(parts.find(({ type }) => type === name).value));
  return new Date(Date.now() - ((hour * 60 + minute) * 60 + second) * 1000);
}

// The name in the page's language, where there is one.
export function nameOf(thing) {
  return (page.language === "en" && thing.name_en) || thing.name || thing.code;
}
