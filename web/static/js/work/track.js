// Where the worker goes, while he is on duty and the page is in sight: a web page learns of no place when it is hidden. Kept on the phone
// until it is sent, every few minutes; the server matches it to streets, makes it coarse and forgets it.
import { t } from "../i18n.js";
import { deedOf, roundOf } from "./rounds.js";

const NAME = "track"; // among what the phone keeps
const EVERY_MS = 240_000;
const AGAIN_MS = 300_000; // the last minutes go out once more with the next, so that a street begun before counts as a whole
const APART_MS = 5_000;

export class Track {
  constructor(phone) {
    Object.assign(this, { phone, fixes: [], sentTo: "", unlocate: null, turn: Promise.resolve() });
    phone.state.on(["patrol", "pending", "position"], (now, change) => this._inTurn(() => this._heard(now, change)));
  }

  // What is not sent yet goes into the outbox.
  flush() {
    return this._inTurn(() => this._send());
  }

  // One after the other, for each reads and writes what is kept.
  _inTurn(act) {
    this.turn = this.turn.then(act, act);
    return this.turn;
  }

  async _send() {
    const last = this.fixes.at(-1);
    if (!last || last.at <= this.sentTo) return;
    const points = this.fixes.map(({ lon, lat, accuracy_m, at }) => [lon, lat, accuracy_m, at]);
    this.sentTo = last.at;
    this.fixes = this.fixes.filter(({ at }) => new Date(last.at) - new Date(at) < AGAIN_MS);
    const words = t("Track: {count} positions", { count: points.length });
    await this.phone.outbox.add(deedOf("track", words, "POST", "/api/work/track", { points, datum: "wgs84" }));
    await this._keep();
  }

  async _heard(now, change) {
    const isOn = Boolean(roundOf(now)?.duty);
    if (isOn && !this.unlocate) await this._begin();
    else if (!isOn && this.unlocate) await this._end();
    if (isOn && "position" in change && isExact(now)) await this._take(now.position);
  }

  // Goes on with what was kept when the page was closed.
  async _begin() {
    this.unlocate = this.phone.locate();
    Object.assign(this, (await this.phone.kept.get(NAME)) ?? { fixes: [], sentTo: "" });
  }

  async _end() {
    this.unlocate();
    this.unlocate = null;
    await this._send();
    Object.assign(this, { fixes: [], sentTo: "" });
    await this._keep();
  }

  async _take(position) {
    const last = this.fixes.at(-1);
    if (last && new Date(position.at) - new Date(last.at) < APART_MS) return;
    this.fixes.push(position);
    await this._keep();
    if (new Date(position.at) - new Date(this.sentTo || this.fixes[0].at) >= EVERY_MS) await this._send();
  }

  _keep() {
    return this.phone.kept.put(NAME, { fixes: this.fixes, sentTo: this.sentTo });
  }
}

// What is more uncertain proves nothing, and is not even sent.
function isExact({ position, patrol }) {
  return position && position.accuracy_m <= patrol.limits.position_accuracy_m;
}
