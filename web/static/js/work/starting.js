// How the page begins: with what is kept of whoever worked here last, at once and without signal; then as the server knows him.
import { t } from "../i18n.js";
import { Pace } from "./pace.js";
import { lastWorker, rememberWorker } from "./who.js";


// `show` draws the screen, `watch` follows what changes. Tried again until somebody answers, and whenever the page comes back.
export class Start {
  constructor(phone, watch, show) {
    Object.assign(this, { phone, watch, show });
    this.pace = new Pace(() => this.hasBegun && this._meet());
  }

  async begin() {
    const last = lastWorker();
    if (last) await this._open(last);
    await this._meet();
    this.hasBegun = true;
  }

  async _open(me) {
    await this.phone.open(me);
    this.show();
  }

  async _meet() {
    const { status, body } = await this.phone.ask("/api/me");
    if (status === 200) return body.office === "worker" ? this._work(body) : this._tell(t("This page is for grid workers."));
    const isStranger = status === 401 || status === 403;
    if (isStranger && !this.phone.kept) return location.assign("/login?next=/work");
    if (isStranger) return this.phone.state.set({ isSignedOut: true });
    if (!this.phone.kept) this._tell(t("The first time needs a signal."));
    return this.pace.again();
  }

  async _work(me) {
    const { phone } = this;
    rememberWorker(me);
    this._tell(null);
    if (me.account !== phone.kept?.account) await this._open(me);
    phone.state.set({ me });
    await phone.kept.put("me", me);
    navigator.storage?.persist?.(); // else a browser that is short of room may throw away what waits
    await phone.refreshAll();
    if (!this.isWatching) this.watch.start();
    this.isWatching = true;
    this.pace.rest();
    await phone.drain();
  }

  _tell(trouble) {
    this.phone.state.set({ trouble });
  }
}
