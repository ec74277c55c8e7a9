// The form of one move: the fields that it takes, filled with what was written before, whichever move that was for.
import { ApiError, newKey, post, send } from "../api.js";
import { h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { actorField, actorsField } from "./choosing.js";
import { field } from "./filters.js";
import { FORMS } from "./forms.js";
import { callerName } from "./people.js";
import { MOVE, OUTCOME, SOURCE, say } from "./words.js";

const LONGEST = 2000;
const UNITS = { wh: () => t("working hours"), wd: () => t("working days"), h: () => t("hours round the clock") };
const BY_HAND = ["by_decision", "duplicate"];

export class MoveForm {
  // `draft` keeps what people write beyond this form; `done` and `failed` hear what came of it.
  constructor(desk, detail, { event, needs }, { draft, done, failed, cancel }) {
    Object.assign(this, { desk, detail, event, needs, draft, done, failed, cancel, key: newKey() });
  }

  // Without a form in sight, unless it comes to trouble: then `show` brings it out.
  atOnce(show) {
    this.isSilent = true;
    this.show = show;
    this.element();
    this._submit();
  }

  // Made once, so that what is written in it stays.
  element() {
    this.made ??= this._make();
    return this.made;
  }

  _make() {
    const onsubmit = (event) => {
      event.preventDefault();
      this._submit();
    };
    this.trouble = h("p", { class: "problem", role: "alert", hidden: true });
    this.send = h(
      "button",
      { type: "submit", class: `button primary${FORMS[this.event].weight === "grave" ? " grave" : ""}` },
      icon("send"),
      say(MOVE, this.event),
    );
    const back = h("button", { type: "button", class: "button plain", onclick: this.cancel }, t("Cancel"));
    const fields = FORMS[this.event].fields.map((name) => FIELDS[name](this, this.needs.includes(name)));
    return h(
      "form",
      { class: "form move-form", "data-event": this.event, onsubmit },
      h("h3", {}, say(MOVE, this.event)),
      fields,
      this.trouble,
      h("div", { class: "actions" }, this.send, back),
    );
  }

  async _submit() {
    this.send.disabled = true;
    this.trouble.hidden = true;
    try {
      if (this.draft.files?.length) await this._upload();
      await this._post();
      this.done(this.event);
    } catch (error) {
      this._fail(error);
    }
  }

  async _upload() {
    const sent = [];
    for (const file of this.draft.files) sent.push((await send(`/api/cases/${this.detail.id}/photos`, file)).id);
    Object.assign(this.draft, { photos: [...(this.draft.photos ?? []), ...sent], files: [] });
  }

  _post() {
    const { path, body } = (ELSEWHERE[this.event] ?? asMove)(this);
    return post(`/api/cases/${this.detail.id}/${path}`, body, { "Idempotency-Key": this.key });
  }

  // The key stays when nobody answered: sending again can't move the case twice.
  _fail(error) {
    this.send.disabled = false;
    if (!(error instanceof ApiError)) throw error;
    if (error.status < 500) this.key = newKey();
    if (error.code === "illegal_move") return this.failed(this.event);
    const wrong = error.detail.fields?.map(({ field: name, message }) => `${name}: ${message}`);
    this.trouble.textContent = wrong?.join("; ") || error.message;
    this.trouble.hidden = false;
    this.isSilent = false;
    return this.show?.();
  }
}

function asMove({ event, detail, draft }) {
  const told = {};
  for (const name of FORMS[event].fields) Object.assign(told, VALUES[name]?.(draft) ?? {});
  return { path: "moves", body: { event, seq: detail.seq, ...told } };
}

const VALUES = {
  reason: ({ reason }) => reason && { reason },
  to: ({ to }) => to && { to: to.actor },
  verifier: ({ to }) => to && { verifier: to.actor },
  category: ({ category }) => category && { category },
  place: ({ place }) => place,
  limit: ({ amount, unit }) => amount && { limit: `${amount}${unit ?? "wh"}` },
  parent: ({ parent }) => parent && { parent: Number(parent) },
  outcome: ({ outcome }) => ({ outcome: outcome ?? BY_HAND[0] }),
  photos: ({ photos }) => photos?.length && { photos },
  rating: ({ reason, is_answered: answered = "yes", is_solved: solved = "yes", satisfaction = 5 }) => ({
    rating: {
      is_answered: answered === "yes",
      is_solved: solved === "yes",
      satisfaction: Number(satisfaction),
      comment: reason ?? "",
    },
  }),
};

// Moves that have an address of their own.
const ELSEWHERE = {
  whistle: ({ draft }) => ({
    path: "whistle",
    body: {
      agencies: [...(draft.agencies?.keys() ?? [])],
      meet_at: draft.meet_at && new Date(draft.meet_at).toISOString(),
      place: draft.place_text ?? "",
      request: draft.reason ?? "",
    },
  }),
  follow: ({ draft }) => ({ path: "followers", body: { note: draft.reason ?? "", source: draft.source ?? "resident" } }),
};

const FIELDS = {
  reason: (form, required) => text(form, required ? t("Reason (needed)") : t("Reason or note"), required),
  request: (form) => text(form, t("What for"), true),
  to: (form, required) => who(form, t("To whom"), required),
  verifier: (form) => who(form, t("Who verifies (else the community's desk)"), false),
  agencies: (form) => {
    form.draft.agencies ??= new Map();
    return actorsField("agencies", t("Whom to call"), form.draft.agencies, () => {}, { kinds: ["agency"] });
  },
  meet_at: (form) => input(form, "meet_at", t("When to meet"), { type: "datetime-local", required: true }),
  place_text: (form) => input(form, "place_text", t("Where"), { type: "text", maxlength: 200 }),
  parent: (form) => input(form, "parent", t("Number of the parent case"), { type: "number", min: 1, required: true }),
  category,
  place,
  limit,
  photos,
  outcome: (form) =>
    select(
      form,
      "outcome",
      t("How"),
      BY_HAND.map((code) => h("option", { value: code }, say(OUTCOME, code))),
    ),
  source: (form) =>
    select(
      form,
      "source",
      t("Source"),
      Object.keys(SOURCE).map((code) => h("option", { value: code }, say(SOURCE, code))),
      "resident",
    ),
  rating,
};

function text({ draft }, words, required) {
  const oninput = (event) => (draft.reason = event.target.value);
  const box = h("textarea", { id: "m-reason", rows: 3, maxlength: LONGEST, required, oninput });
  box.value = draft.reason ?? "";
  return field("m-reason", words, box);
}

function who({ draft }, words, required) {
  return actorField("m-to", words, draft.to && callerName(draft.to), (one) => (draft.to = one), { required });
}

function input({ draft }, name, words, properties) {
  const box = h("input", { id: `m-${name}`, oninput: (event) => (draft[name] = event.target.value), ...properties });
  box.value = draft[name] ?? "";
  return field(`m-${name}`, words, box);
}

function select({ draft }, name, words, choices, first = null) {
  const box = h("select", { id: `m-${name}`, onchange: (event) => (draft[name] = event.target.value) }, choices);
  box.value = draft[name] ?? first ?? box.options[0]?.value ?? "";
  return field(`m-${name}`, words, box);
}

function category(form) {
  const option = (one) => h("option", { value: one.code }, nameOf(one));
  const groups = (form.desk.categories ?? []).map((group) =>
    h("optgroup", { label: nameOf(group) }, group.children.map(option)),
  );
  return select(form, "category", t("Category"), groups, form.detail.category);
}

function place({ desk, draft }) {
  const line = h(
    "p",
    { class: "quiet hint-line" },
    draft.place ? `${draft.place.lon}, ${draft.place.lat}` : t("The place stays as it is."),
  );
  const take = (chosen) => {
    draft.place = chosen;
    line.textContent = `${chosen.lon}, ${chosen.lat}`;
    desk.drawer.aside(false);
  };
  const ask = () => {
    desk.drawer.aside(true);
    desk.pane.askPlace(take);
  };
  return h(
    "div",
    { class: "field" },
    h("button", { type: "button", class: "button small", onclick: ask }, icon("pin"), t("Another place: click on the map")),
    line,
  );
}

// What the reporter says on the telephone.
function rating(form) {
  const answers = () => [h("option", { value: "yes" }, t("Yes")), h("option", { value: "no" }, t("No"))];
  const marks = [5, 4, 3, 2, 1].map((mark) => h("option", { value: mark }, `${mark} / 5`));
  return [
    select(form, "is_answered", t("Answered"), answers()),
    select(form, "is_solved", t("Solved"), answers()),
    select(form, "satisfaction", t("Satisfaction"), marks),
    text(form, t("What the reporter says"), false),
  ];
}

function limit(form) {
  const amount = h("input", {
    id: "m-amount",
    type: "number",
    min: 1,
    max: 9999,
    required: true,
    oninput: (event) => (form.draft.amount = event.target.value),
  });
  amount.value = form.draft.amount ?? "";
  const unit = h(
    "select",
    { "aria-label": t("Unit"), onchange: (event) => (form.draft.unit = event.target.value) },
    Object.keys(UNITS).map((code) => h("option", { value: code }, UNITS[code]())),
  );
  unit.value = form.draft.unit ?? "wh";
  return field("m-amount", t("How much more"), h("div", { class: "pair" }, amount, unit));
}

function photos(form, required) {
  const onchange = (event) => (form.draft.files = [...event.target.files]);
  return field(
    "m-photos",
    t("Photos"),
    h("input", { id: "m-photos", type: "file", accept: "image/jpeg,image/png,image/webp", multiple: true, required, onchange }),
  );
}
