// A report that is not finished: kept at every change, so that a phone that closes the page for its camera loses nothing.

const NAME = "draft";

export class Draft {
  constructor(kept) {
    Object.assign(this, { kept, told: {}, turn: Promise.resolve() });
  }

  static async open(kept) {
    const draft = new Draft(kept);
    draft.told = (await kept.get(NAME)) ?? {};
    return draft;
  }

  // The pictures that were taken, as they go out.
  pictures() {
    return (this.told.pictures ?? []).map(({ data, type }) => new Blob([data], { type }));
  }

  put(change) {
    Object.assign(this.told, change);
    return this._store();
  }

  async putPictures(blobs) {
    const pictures = await Promise.all(blobs.map(async (blob) => ({ data: await blob.arrayBuffer(), type: blob.type })));
    return this.put({ pictures });
  }

  async forget() {
    this.told = {};
    await this.turn;
    await this.kept.base.delete("loaded", NAME);
  }

  // One after another, the last as it is then.
  _store() {
    this.turn = this.turn.then(() => this.kept.put(NAME, this.told));
    return this.turn;
  }
}
