// A report that is not finished: kept at every change, so that a phone that closes the page for its camera loses nothing.

const NAME = "draft";
const PICTURES = "draft-pictures";

export class Draft {
  constructor(kept, told, pictures) {
    Object.assign(this, { kept, told, pictures, turn: Promise.resolve() });
  }

  // `pictures` as they go out.
  static async open(kept) {
    const [told, pictures] = await Promise.all([kept.get(NAME), kept.get(PICTURES)]);
    return new Draft(kept, told ?? {}, (pictures ?? []).map(({ data, type }) => new Blob([data], { type })));
  }

  // Writes nothing when nothing is new: a phone says where it is every second.
  put(change) {
    if (Object.entries(change).every(([name, value]) => (this.told[name] ?? null) === value)) return this.turn;
    Object.assign(this.told, change);
    return this._after(() => this.kept.put(NAME, this.told));
  }

  async putPictures(blobs) {
    const pictures = await Promise.all(blobs.map(async (blob) => ({ data: await blob.arrayBuffer(), type: blob.type })));
    return this._after(() => this.kept.put(PICTURES, pictures));
  }

  forget() {
    this.told = {};
    return this._after(() => Promise.all([NAME, PICTURES].map((name) => this.kept.base.delete("loaded", name))));
  }

  // One after another.
  _after(act) {
    this.turn = this.turn.then(act);
    return this.turn;
  }
}
