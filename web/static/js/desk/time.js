// Lengths of time in words, and what is left on a case's clock.
import { page } from "../page.js";
import { t, time } from "../i18n.js";

const HOUR = 60;
const DAY = 24 * HOUR;
const brief = new Intl.DateTimeFormat(page.language === "zh" ? "zh-CN" : "en-GB", {
  timeZone: page.timezone,
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const dayOnly = new Intl.DateTimeFormat("en-CA", { timeZone: page.timezone });

// Two units at most: "2 小时 5 分".
export function span(minutes) {
  const whole = Math.round(Math.abs(minutes));
  if (whole < HOUR) return t("{minutes} min", { minutes: whole });
  if (whole < DAY)
    return joined(
      t("{hours} h", { hours: Math.floor(whole / HOUR) }),
      whole % HOUR && t("{minutes} min", { minutes: whole % HOUR }),
    );
  const hours = Math.round((whole % DAY) / HOUR);
  return joined(t("{days} d", { days: Math.floor(whole / DAY) }), hours && t("{hours} h", { hours }));
}

function joined(...parts) {
  return parts.filter(Boolean).join(" ");
}

// One unit, for columns that are read at a glance: "3 小时".
export function about(minutes) {
  const whole = Math.abs(minutes);
  if (whole < HOUR) return t("{minutes} min", { minutes: Math.floor(whole) });
  if (whole < 2 * DAY) return t("{hours} h", { hours: Math.floor(whole / HOUR) });
  return t("{days} d", { days: Math.floor(whole / DAY) });
}

export function minutesUntil(moment) {
  return (new Date(moment) - Date.now()) / 60_000;
}

// Month, day and time, for lists.
export function when(moment) {
  return moment ? brief.format(new Date(moment)) : "";
}

// The day in the page's time zone, as 2026-05-03.
export function day(moment = Date.now()) {
  return dayOnly.format(new Date(moment));
}

export function ago(moment) {
  const minutes = -minutesUntil(moment);
  return minutes < 1 ? t("just now") : t("{span} ago", { span: about(minutes) });
}

// late, soon, ok, none, stopped or done: as the server says, but a clock that has run out since then is late.
export function leftOf(row) {
  const isRunning = row.time_left === "ok" || row.time_left === "soon";
  return isRunning && row.due_at && minutesUntil(row.due_at) < 0 ? "late" : row.time_left;
}

export function leftWords(row) {
  return WORDS[leftOf(row)](row);
}

const WORDS = {
  late: ({ due_at: due }) => t("{span} over", { span: about(minutesUntil(due)) }),
  soon: ({ due_at: due }) => t("{span} left", { span: about(minutesUntil(due)) }),
  ok: ({ due_at: due }) => t("{span} left", { span: about(minutesUntil(due)) }),
  none: () => t("No clock yet"),
  stopped: () => t("Clock stopped"),
  done: ({ closed_at: closed }) => (closed ? t("Closed {when}", { when: when(closed) }) : t("Closed")),
};

// "4wh/2wd" as people say it: "4 个工作时 / 2 个工作日".
export function limitWords(limit) {
  return limit?.split("/").map(oneLimit).join(" / ") ?? t("none");
}

const UNITS = {
  wh: (count) => t("{count} working hours", { count }),
  wd: (count) => t("{count} working days", { count }),
  m: (count) => t("{count} minutes", { count }),
  h: (count) => t("{count} hours", { count }),
  d: (count) => t("{count} days", { count }),
};

function oneLimit(text) {
  const [, count, unit] = text.match(/^(\d+)(wh|wd|m|h|d)$/) ?? [];
  return unit ? UNITS[unit](count) : text;
}

export function exactly(moment) {
  return moment ? time(moment) : "";
}
