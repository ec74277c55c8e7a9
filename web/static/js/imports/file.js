// One file on its way in. The server writes the page by the file's state; here its choices are sent, and its progress is followed.
import { post, remove } from "../api.js";
import { byId, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { page } from "../page.js";
import { trouble } from "./trouble.js";

const { upload } = page;
const home = `/api/uploads/${upload.id}`;
const form = byId("choice");
const STEPS = {
  reading: () => t("Reading the file"),
  importing: () => t("Comparing with what is known"),
  checking: () => t("Checking its rows"),
  storing: () => t("Comparing with what is known"),
};

const all = (selector) => [...document.querySelectorAll(selector)];

// The saved options with what the form changes. A field is named only where a person chose another column than was proposed.
function chosen() {
  const options = { ...upload.options };
  if (!form) return options;
  const columns = { ...options.columns };
  const units = { ...options.units };
  const leftOut = new Set(options.left_out);
  for (const select of all("[data-field]")) {
    const { field, proposed } = select.dataset;
    if (select.value === proposed) continue;
    delete columns[field];
    leftOut.delete(field);
    if (select.value) columns[field] = select.value;
    else leftOut.add(field);
  }
  for (const select of all("[data-unit]")) {
    if (select.value !== select.dataset.proposed) units[select.dataset.unit] = select.value;
    if (!select.value) delete units[select.dataset.unit];
  }
  return Object.assign(options, { columns, units, left_out: [...leftOut] }, plain());
}

function plain() {
  const told = {};
  for (const name of ["crs", "encoding", "edition", "under", "timezone"]) if (form.elements[name]) told[name] = form.elements[name].value || null;
  for (const name of ["datum", "layer"]) {
    const select = form.elements[name];
    if (select && select.value !== select.dataset.proposed) told[name] = select.value || null;
  }
  for (const box of all("#choice input[type=checkbox]")) told[box.name] = box.checked;
  return told;
}

const kind = () => form?.elements.kind?.value ?? upload.kind;

// Where another layer is meant, what was chosen for the columns of the former one says nothing.
function anew() {
  const { columns, units, left_out, ...kept } = chosen();
  return { kind: kind(), options: kept };
}

const ACTS = {
  check: (patch) => post(`${home}/check`, { kind: kind(), options: { ...chosen(), ...patch } }),
  propose: (patch) => post(`${home}/propose`, { kind: kind(), options: { ...chosen(), ...patch } }),
  confirm: () => post(`${home}/confirm`, { digest: upload.digest }),
  cancel: () => remove(home),
};

async function act(name, send) {
  trouble(null);
  const buttons = all("button");
  for (const button of buttons) button.disabled = true;
  try {
    await send();
    if (name === "cancel") location.assign("/imports");
    else location.reload();
  } catch (error) {
    if (error.status === 409) location.reload();
    for (const button of buttons) button.disabled = false;
    trouble(error.message);
  }
}

function showSamples(select) {
  const place = document.querySelector(`[data-samples="${select.dataset.field}"]`);
  fill(place, (upload.samples[select.value] ?? []).map((value) => h("span", {}, value)));
}

function follow() {
  const events = new EventSource(`${home}/events`);
  events.addEventListener("state", (message) => {
    const { state, progress, import_id: number } = JSON.parse(message.data);
    if (state !== upload.state) {
      events.close();
      location.replace(number ? `/imports/${number}` : location.href);
    } else if (progress) {
      byId("work-told").textContent = STEPS[progress.step]?.() ?? "";
      if (progress.share) byId("work-bar").value = progress.share;
    }
  });
  events.addEventListener("gone", () => location.replace("/imports"));
}

for (const button of all("[data-act]")) {
  const { act: name, patch } = button.dataset;
  button.addEventListener("click", () => act(name, () => ACTS[name](patch ? JSON.parse(patch) : {})));
}
for (const select of all("[data-field]")) {
  select.addEventListener("change", () => showSamples(select));
  showSamples(select);
}
// Codes that are to be found by names need no column.
const finding = form?.elements.provisional;
const needed = () => { byId("field-code").required = !finding.checked; };
if (finding) {
  finding.addEventListener("change", needed);
  needed();
}
for (const select of all("[data-anew]")) select.addEventListener("change", () => act("propose", () => post(`${home}/propose`, anew())));
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  act("check", () => ACTS.check({}));
});
if (byId("work-told")) follow();
document.body.classList.add("ready");
