// The audit: filters in the address, lines newest first, page after page.
import { get } from "../api.js";
import { byId, fill, h } from "../dom.js";
import { t, time } from "../i18n.js";
import { page } from "../page.js";
import { startAccountMenu } from "../ui/account.js";
import { officeName } from "../ui/offices.js";
import { WARNING, actionName } from "./words.js";

const FIELDS = ["account", "action", "subject", "address", "since", "until"];
const LINES = "/api/audit";
const form = byId("filters");
const lines = byId("lines");
const more = byId("more");
const trouble = byId("trouble");
let next = null;
let body = null;

const formats = new Intl.DateTimeFormat("sv-SE", { timeZone: page.timezone, dateStyle: "short", timeStyle: "medium" });

function asked() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(FIELDS.map((name) => [name, given.get(name)]).filter(([, value]) => value));
}

// A day of the form as the moment in the page's time zone at which it begins; `until` includes its day.
function moment(day, daysLater) {
  const noon = new Date(`${day}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() + daysLater);
  const date = noon.toISOString().slice(0, 10);
  const guess = new Date(`${date}T00:00:00Z`);
  const there = new Date(`${formats.format(guess).replace(" ", "T")}Z`);
  return new Date(guess.getTime() - (there - guess)).toISOString();
}

function query() {
  const { since, until, ...rest } = asked();
  return { ...rest, ...(since && { since: moment(since, 0) }), ...(until && { until: moment(until, 1) }) };
}

function field(name, label, input) {
  return h("label", {}, label, input ?? h("input", { name, maxlength: 200, autocomplete: "off", spellcheck: "false", value: asked()[name] }));
}

function actions() {
  const options = page.actions.map((code) => h("option", { value: code, selected: asked().action === code }, actionName(code)));
  return h("select", { name: "action" }, h("option", { value: "" }, t("Everything")), options);
}

function day(name) {
  return h("input", { type: "date", name, value: asked()[name] });
}

function showFilters() {
  fill(form,
    field("account", t("Who")), field("action", t("What"), actions()), field("subject", t("To what")), field("address", t("From which address")),
    field("since", t("From day"), day("since")), field("until", t("To day"), day("until")),
    h("div", { class: "audit-actions" },
      h("button", { type: "submit", class: "button primary" }, t("Search")),
      h("a", { class: "button plain link", href: `${LINES}/export.csv?${new URLSearchParams(query())}`, download: true }, "CSV")));
}

// A value of a line that can be looked for by a press.
function pick(name, value, shown = value) {
  return value && h("button", { type: "button", class: "pick", title: t("Look for this"), onclick: () => search({ ...asked(), [name]: value }) }, shown);
}

function about(line) {
  const rows = Object.entries(line.detail).filter(([, value]) => value !== null).map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]);
  if (line.reason) rows.unshift([t("Reason"), line.reason]);
  return rows.length > 0 && h("dl", { class: "about" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function row(line) {
  const office = line.office && officeName(line.office);
  return h("tr", {},
    h("td", { class: "when" }, h("time", { datetime: line.at }, formats.format(new Date(line.at)))),
    h("td", { class: "who" }, pick("account", line.account) || h("span", { class: "quiet" }, t("Nobody signed in")),
      (office || line.actor) && h("small", {}, [office, line.actor].filter(Boolean).join(" · "))),
    h("td", { class: WARNING.has(line.action) ? "what is-warning" : "what" }, h("strong", {}, actionName(line.action))),
    h("td", { class: "on" }, pick("subject", line.subject), about(line)),
    h("td", { class: "from" }, pick("address", line.address)));
}

function table() {
  const names = [["when", t("When")], ["who", t("Who")], ["what", t("What")], ["on", t("To what")], ["from", t("From")]];
  body = h("tbody");
  return h("table", {}, h("thead", {}, h("tr", {}, names.map(([name, text]) => h("th", { class: name, scope: "col" }, text)))), body);
}

function showHead(head) {
  fill(byId("head"), head ? t("Sealed up to {moment} · {number}", { moment: time(head.at), number: `${head.number}:${head.hash.slice(0, 12)}…` }) : t("Not sealed yet"));
}

async function load(after) {
  trouble.hidden = true;
  lines.setAttribute("aria-busy", "true");
  try {
    const found = await get(LINES, { ...query(), ...(after && { after }) });
    if (!after) fill(lines, found.lines.length > 0 ? table() : h("p", { class: "audit-note quiet" }, t("No line fits.")));
    body?.append(...found.lines.map(row));
    next = found.next;
    showHead(found.head);
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
  more.hidden = next === null;
  lines.setAttribute("aria-busy", "false");
}

function search(wanted) {
  const told = Object.entries(wanted).filter(([, value]) => value);
  history.pushState(null, "", `?${new URLSearchParams(told)}`);
  show();
}

function show() {
  next = null;
  showFilters();
  return load(null);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search(Object.fromEntries(new FormData(form)));
});
more.addEventListener("click", () => load(next));
addEventListener("popstate", show);
startAccountMenu();
await show();
document.body.classList.add("ready");
