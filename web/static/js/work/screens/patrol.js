// The worker's round: on and off duty, how much of his streets he has walked, and the places that must be visited, most overdue first.
import { when } from "../../desk/time.js";
import { sign } from "../../desk/signs.js";
import { emptyNote, loadingNote } from "../../desk/states.js";
import { fill, h, icon } from "../../dom.js";
import { number, percent, t } from "../../i18n.js";
import { farWords, metresBetween } from "../distance.js";
import { askWhichMap } from "../reaching.js";
import { deedOf, farAway, roundOf, vague } from "../rounds.js";
import { say } from "../said.js";
import { openSheet } from "../sheet.js";
import { sketchOf } from "../sketch.js";

const FRESH_MS = 120_000;

export function open(root, phone) {
  const screen = new Patrol(root, phone);
  const unlocate = phone.locate();
  phone.refresh("patrol");
  return () => {
    screen.off();
    unlocate();
  };
}

class Patrol {
  constructor(root, phone) {
    this.phone = phone;
    this.duty = h("section", { class: "round-duty" });
    this.places = h("section", {});
    this.walked = h("section", { class: "round-walked" });
    root.append(this.duty, this.places, this.walked);
    const offs = [phone.state.on(["patrol", "pending", "bundle"], () => this.draw()), phone.state.on(["position"], () => this._measure())];
    this.off = () => offs.forEach((off) => off());
    this.draw();
  }

  draw() {
    const now = this.phone.state.get();
    const round = roundOf(now);
    const told = JSON.stringify([round, Boolean(now.bundle)]);
    if (told === this.told) return;
    this.told = told;
    if (!round) fill(this.places, now.isOnline ? loadingNote() : emptyNote(t("The first time needs a signal.")));
    if (!round) return;
    fill(this.duty, this._duty(round));
    fill(this.places, this._places(round.places));
    fill(this.walked, streets(round.walked, now.bundle));
    this._measure();
  }

  _duty({ duty, isTurning, walked }) {
    const words = duty ? t("On duty since {moment}", { moment: when(duty.began_at) }) : t("Off duty");
    const look = `button wide ${duty ? "outlined" : "primary"}`;
    return [
      h("h2", {}, sign(duty ? "ok" : "none"), words, isTurning && h("span", { class: "quiet" }, ` · ${t("Waiting to be sent")}`)),
      h("button", { type: "button", class: look, id: "duty", onclick: () => this._turn(!duty) }, icon(duty ? "pause" : "check"), duty ? t("End duty") : t("Begin duty")),
      walked.today !== null && h("div", { class: "shares" }, share(t("Streets walked today"), walked.today), share(t("This week"), walked.week)),
      h("p", { class: "quiet" }, t("Only on duty, and only while this page is in sight, your way is matched to streets; where exactly you were is not stored. Nobody but you sees your share.")),
    ];
  }

  async _turn(isOn) {
    if (!isOn) await this.phone.track.flush();
    const words = isOn ? t("Begin duty") : t("End duty");
    await this.phone.outbox.add(deedOf("duty", words, "POST", "/api/work/duty", { is_on: isOn, at: new Date().toISOString() }));
    say(isOn ? t("You are on duty.") : t("You are off duty."));
  }

  _places(places) {
    this.far = new Map(places.map((place) => [place, h("span", { class: "place-far" })]));
    const list = places.length ? h("ul", { class: "cases" }, places.map((place) => this._place(place))) : emptyNote(t("No place has to be visited here."));
    return [h("h2", {}, t("Places to visit")), list];
  }

  _place(place) {
    const left = place.isWaiting ? "done" : place.days_over > 0 ? "late" : place.days_over === 0 ? "soon" : "ok";
    return h(
      "li",
      { class: `place is-${left}`, "data-place": place.id },
      h("p", { class: "place-name" }, h("strong", {}, place.name), this.far.get(place)),
      h("p", { class: `case-left is-${left}` }, sign(left), dueWords(place)),
      h("p", { class: "quiet" }, place.last_at ? t("Last visited {moment}", { moment: when(place.last_at) }) : t("Never visited"), ` · ${t("every {count} days", { count: place.every_days })}`),
      h(
        "div",
        { class: "place-acts" },
        h("button", { type: "button", class: "button small", onclick: () => askWhichMap(place, place.name) }, icon("navigate"), t("Navigate")),
        h("button", { type: "button", class: "button small is-visit", disabled: place.isWaiting, onclick: () => this._visit(place) }, icon("pin"), t("I am here")),
      ),
    );
  }

  // Judged before it is stored: what would be refused is told at once.
  async _visit(place) {
    const { position, patrol } = this.phone.state.get();
    const problem = judged(position, place, patrol.limits);
    if (problem) return openSheet(place.name, h("p", { class: "problem", role: "alert" }, problem));
    const { lon, lat, accuracy_m } = position;
    const body = { lon, lat, datum: "wgs84", accuracy_m, at: new Date().toISOString() };
    const deed = deedOf("check_in", t("Visited: {name}", { name: place.name }), "POST", `/api/work/places/${place.id}/check-in`, body);
    await this.phone.outbox.add({ ...deed, place: place.id });
    return say(t("Visited: {name}", { name: place.name }));
  }

  // Only the distances are written anew while the worker walks, so that nothing moves under his thumb.
  _measure() {
    const { position } = this.phone.state.get();
    for (const [place, far] of this.far ?? []) far.textContent = position ? farWords(metresBetween(position, place)) : "";
  }
}

function judged(position, place, { check_in_m: reach, position_accuracy_m: most }) {
  if (!position || Date.now() - new Date(position.at) > FRESH_MS) return t("The phone does not know yet where you stand. Please wait a moment.");
  if (position.accuracy_m > most) return vague(Math.round(position.accuracy_m), most);
  const metres = Math.round(metresBetween(position, place));
  const allowed = Math.round(reach + position.accuracy_m);
  return metres > allowed ? farAway(metres, allowed) : null;
}

function dueWords({ days_over: over, isWaiting }) {
  if (isWaiting) return t("Waiting to be sent");
  if (over > 0) return t("{count} days overdue", { count: over });
  return over === 0 ? t("Due today") : t("Due in {count} days", { count: -over });
}

function streets({ today, streets_m: length, ...edges }, bundle) {
  if (today === null) return emptyNote(t("No streets are known in your cells."));
  return [
    h("h2", {}, t("The streets of your cells")),
    bundle?.streets.edges.length > 0 && sketchOf(bundle, edges),
    h("p", { class: "quiet" }, t("{metres} m of streets in all.", { metres: number(length) })),
  ];
}

function share(words, part) {
  return h("label", { class: "share" }, h("span", {}, words), h("strong", { class: "number" }, percent(part)), h("meter", { min: 0, max: 1, value: part }));
}
