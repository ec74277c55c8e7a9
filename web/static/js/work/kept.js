// What the phone keeps, in one database per account: what was loaded last, and what waits to be sent with its pictures.
import { deleteDB, openDB } from "/vendor/idb/index.js";

const PREFIX = "wangge-work:";
const VERSION = 1;

export class Kept {
  constructor(account, base) {
    Object.assign(this, { account, base });
  }

  // `left`: another tab has signed out and wipes what is kept.
  static async open(account, { left = () => {} } = {}) {
    const base = await openDB(PREFIX + account, VERSION, {
      upgrade: build,
      blocking: (_before, _wanted, event) => {
        event.target.close();
        left();
      },
    });
    return new Kept(account, base);
  }

  // The accounts for which something is kept; none where the browser does not tell.
  static async accounts() {
    const bases = (await indexedDB.databases?.()) ?? [];
    return bases.map(({ name }) => name).filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  }

  get(name) {
    return this.base.get("loaded", name);
  }

  put(name, value) {
    return this.base.put("loaded", value, name);
  }

  close() {
    this.base.close();
  }

  async wipe() {
    this.close();
    await deleteDB(this.base.name);
  }
}

function build(base) {
  base.createObjectStore("loaded");
  base.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
  base.createObjectStore("pictures", { keyPath: ["item", "place"] });
}
