// Features of one list, fetched for what is in view and a margin around it; what was fetched is kept.
import { features } from "../api.js";

const MARGIN = 0.5;

export class Loader {
  // `take(features)` gets what is new; below `minZoom` nothing is fetched.
  constructor(map, path, { minZoom = 0, parameters = () => ({}), take, failed }) {
    Object.assign(this, { map, path, minZoom, parameters, take, failed });
    this.covered = null;
    map.on("moveend", () => this.refresh());
  }

  reset() {
    this.covered = null;
    return this.refresh();
  }

  async refresh() {
    const view = this.map.getBounds();
    const isHidden = !this.map.getSize().x;
    if (isHidden || this.map.getZoom() < this.minZoom || this.covered?.contains(view)) return;
    const wanted = view.pad(MARGIN);
    this.covered = wanted;
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    try {
      const bbox = wanted.toBBoxString();
      this.take(await features(this.path, { bbox, ...this.parameters() }, { signal: request.signal }));
    } catch (error) {
      this._failed(error, request);
    }
  }

  _failed(error, request) {
    if (request.signal.aborted) return;
    this.covered = null;
    this.failed(error);
  }
}
