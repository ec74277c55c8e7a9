// The reporter's page: what became of the report; rate it once it is closed, or open it again for some days.
import { get, post } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { nameOf, t, time } from "./i18n.js";

const address = `/api${location.pathname}`;
const card = byId("rate");
const trouble = byId("trouble");

const WAY = [
  { name: () => t("Reported"), stages: ["collect", "file", "dispatch", "handle", "feed_back", "verify", "evaluate"] },
  { name: () => t("In hand"), stages: ["dispatch", "handle", "feed_back", "verify", "evaluate"] },
  { name: () => t("Being checked"), stages: ["feed_back", "verify", "evaluate"] },
];
const OUTCOMES = {
  solved: () => t("Solved and checked"),
  dismissed: () => t("Not taken up"),
  duplicate: () => t("Handled under another report"),
  with_parent: () => t("Handled under another report"),
  by_decision: () => t("Closed by decision"),
};
const SATISFACTION = [
  () => t("Very bad"),
  () => t("Bad"),
  () => t("Fair"),
  () => t("Good"),
  () => t("Very good"),
];
const YES_OR_NO = [["true", () => t("Yes")], ["false", () => t("No")]];

function facts(report) {
  const rows = [
    [t("Number"), String(report.id)],
    [t("Reported at"), time(report.filed_at)],
    [t("Community"), report.community],
    [t("Closed at"), report.closed_at && time(report.closed_at)],
    [t("Result"), OUTCOMES[report.outcome]?.()],
  ];
  return h("dl", { class: "rate-facts" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function way(report) {
  const isClosed = report.closed_at !== null;
  const steps = WAY.map(({ name, stages }) => [name(), stages.includes(report.stage)]);
  return h("ol", { class: "rate-way" }, [...steps, [t("Closed"), isClosed]].map(([name, isDone]) => h("li", { class: isDone && "is-done" }, name)));
}

function choices(name, legend, options) {
  const inputs = options.map(([value, ...told]) =>
    h("label", {}, h("input", { type: "radio", name, value, required: true }), h("span", {}, told)));
  return h("fieldset", {}, h("legend", {}, legend), h("div", { class: "rate-choices" }, inputs));
}

function satisfaction() {
  const options = SATISFACTION.map((word, index) => [String(index + 1), h("strong", {}, String(index + 1)), h("br"), h("small", {}, word())]);
  return choices("satisfaction", t("How satisfied are you?"), options);
}

function words(name, label, isRequired) {
  return h("label", {}, h("span", { class: "label" }, label), h("textarea", { name, maxlength: 2000, required: isRequired }));
}

// A form that sends what `read` makes of it, and shows what comes back.
function form(children, path, read) {
  return h("form", { class: "rate-form", onsubmit: (event) => {
    event.preventDefault();
    const button = event.target.querySelector("button[type=submit]");
    button.disabled = true;
    attempt(() => post(path, read(new FormData(event.target)))).finally(() => { button.disabled = false; });
  } }, children);
}

function rating() {
  const answers = YES_OR_NO.map(([value, word]) => [value, word()]);
  return form([
    h("h2", {}, t("How was it?")),
    choices("is_answered", t("Did anybody answer you?"), answers),
    choices("is_solved", t("Is it solved?"), answers),
    satisfaction(),
    words("comment", t("What else would you like to say?"), false),
    h("button", { type: "submit", class: "button primary" }, t("Send the rating")),
  ], address, (data) => ({
    is_answered: data.get("is_answered") === "true",
    is_solved: data.get("is_solved") === "true",
    satisfaction: Number(data.get("satisfaction")),
    comment: data.get("comment"),
  }));
}

function reopening(report) {
  return form([
    h("h2", {}, t("Not solved after all?")),
    h("p", { class: "quiet" }, t("Until {moment} you can have it opened again.", { moment: time(report.reopen_until) })),
    words("reason", t("What is still wrong?"), true),
    h("button", { type: "submit", class: "button plain" }, t("Open it again")),
  ], `${address}/reopen`, (data) => ({ reason: data.get("reason") }));
}

function said(report) {
  const yesOrNo = (is) => (is ? t("Yes") : t("No"));
  const rows = [
    [t("Did anybody answer you?"), yesOrNo(report.rating.is_answered)],
    [t("Is it solved?"), yesOrNo(report.rating.is_solved)],
    [t("How satisfied are you?"), SATISFACTION[report.rating.satisfaction - 1]()],
  ];
  const comment = report.rating.comment && h("p", {}, report.rating.comment);
  return h("section", { class: "rate-form" }, h("h2", {}, t("Thank you for your rating")),
    h("dl", { class: "rate-facts" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])), comment);
}

function show(report) {
  const name = nameOf({ name: report.category_name, name_en: report.category_name_en });
  fill(card, h("h2", {}, name), report.description && h("p", {}, report.description), way(report), facts(report),
    !report.closed_at && h("p", { class: "quiet" }, t("Once it is closed you can say here how it was.")),
    report.can_rate && rating(), report.rating && said(report), report.can_reopen && reopening(report));
}

async function attempt(call) {
  trouble.hidden = true;
  try {
    show(await call());
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
}

await attempt(() => get(address));
document.body.classList.add("ready");
