// Cases as they change, while the page is in sight: closed when it is hidden, gone on with from the same event afterwards.
import { Live } from "../live.js";

export class Watch {
  constructor(phone) {
    this.phone = phone;
    this.live = new Live({
      take: (event) => this._isMine(event) && phone.refresh("cases"),
      reload: () => phone.refresh("cases"),
      status: (isLive) => this._tell(isLive),
    });
    document.addEventListener("visibilitychange", () => this._settle());
  }

  // From what was loaded on: what happened since then is told first.
  start() {
    this.isWanted = true;
    this.live.cursor = this.phone.state.get().cursor;
    this._settle();
  }

  _settle() {
    if (!this.isWanted) return;
    if (document.hidden) this.live.stop();
    else this.live.resume();
  }

  _tell(isLive) {
    const { isOnline } = this.phone.state.get();
    this.phone.state.set({ isLive });
    if (isLive && !isOnline && navigator.onLine) this.phone.seen(200);
  }

  // One of his, or one that may have come to him.
  _isMine({ id, holder, event }) {
    const { bundle } = this.phone.state.get();
    const isHeld = holder?.kind === "worker" && [undefined, holder.code].includes(bundle?.worker.code);
    return isHeld || event === "ask_help" || this.phone.rows.some((row) => row.id === id);
  }
}
