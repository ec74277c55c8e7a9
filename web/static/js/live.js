// Server-sent events of cases. The browser reconnects by itself and names the last event it saw; when the connection is
// refused for good, it is opened again from that event after a pause that grows, and who has no session any more goes to the door.
import { get } from "./api.js";

const PAUSE_MS = 3000;
const LONGEST_PAUSE_MS = 60_000;

export class Live {
  constructor({ take, reload, status }) {
    Object.assign(this, { take, reload, status });
    this.cursor = null;
    this.waiting = [];
    this.pause = PAUSE_MS;
  }

  // Events that come before `release` wait, so that a snapshot taken in between is never older than what follows.
  start() {
    this.holding = true;
    return new Promise((resolve) => {
      this.ready = resolve;
      this._open();
    });
  }

  // Without waiting for anybody: from the cursor on, or from where it was stopped.
  resume() {
    this.stop();
    this.ready ??= () => {};
    this._open();
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
  }

  release() {
    this.holding = false;
    for (const event of this.waiting.splice(0)) this.take(event);
  }

  _open() {
    const source = (this.source = new EventSource(this.cursor ? `/api/live?since=${encodeURIComponent(this.cursor)}` : "/api/live"));
    source.addEventListener("hello", (message) => this._seen(message));
    source.addEventListener("case", (message) => this._case(message));
    source.addEventListener("reload", () => this.reload());
    source.onerror = () => this._lost(source);
  }

  _seen(message) {
    this.cursor = message.lastEventId || this.cursor;
    this.pause = PAUSE_MS;
    this._tell(true);
  }

  _case(message) {
    this._seen(message);
    const event = JSON.parse(message.data);
    if (this.holding) this.waiting.push(event);
    else this.take(event);
  }

  _tell(isOpen) {
    this.status(isOpen);
    if (isOpen) this.ready();
  }

  _lost(source) {
    this._tell(false);
    if (source.readyState === EventSource.CLOSED) this._refused();
    this.ready();
  }

  _refused() {
    get("/api/me").catch(() => {});
    this.timer = setTimeout(() => this._open(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}
