// When to try again: after growing pauses, never while the page is out of sight.

const FIRST_MS = 2_000;
const LONGEST_MS = 300_000;

export class Pace {
  constructor(act) {
    this.act = act;
    this.pause = FIRST_MS;
    document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(this.timer) : this.now()));
    addEventListener("online", () => this.now());
  }

  again(afterMs = null) {
    clearTimeout(this.timer);
    if (!document.hidden) this.timer = setTimeout(this.act, afterMs ?? this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_MS);
  }

  // There is nothing to try, or no hope by waiting.
  rest() {
    clearTimeout(this.timer);
    this.pause = FIRST_MS;
  }

  now() {
    this.rest();
    this.act();
  }
}
