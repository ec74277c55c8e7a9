// What the worker did, stored before it is shown as done, and sent strictly in the order in which he did it. An item is one deed of
// one or more steps; each step's answer is stored before the next is taken, so that whatever ends in between is gone on with.
import { TURN, alone } from "./turns.js";
import { send } from "./sending.js";

const GIVEN_UP_AFTER = 5; // times that the server fails at one and the same step

export const AWAY = "away"; // nobody answers
export const SIGNED_OUT = "signed out"; // the owner of what waits has to sign in
export const EMPTY = "empty";

// In the body of a step: the member `name` of the answer to step number `step`.
export function answerOf(step, name) {
  return { $answer: [step, name] };
}

export class Outbox {
  // `changed` hears that the list is another one, `sent` of each item that went out whole, with its answers.
  constructor(kept, me, { changed = () => {}, sent = () => {} } = {}) {
    Object.assign(this, { kept, me, changed, sent });
  }

  // Stored with its pictures in one transaction, for good, before this resolves.
  // `of`: what of a case is needed if the deed is refused and has to become another one.
  // What else is told stays with the item.
  async add({ about = null, of = null, pictures = [], ...told }) {
    const bytes = await Promise.all(pictures.map((picture) => picture.arrayBuffer()));
    const change = this.kept.base.transaction(["outbox", "pictures"], "readwrite", { durability: "strict" });
    const item = { ...told, about, of, answers: [], state: "waiting", failures: 0, at: new Date().toISOString() };
    const id = await change.objectStore("outbox").add(item);
    const box = change.objectStore("pictures");
    await Promise.all(bytes.map((data, place) => box.put({ item: id, place, data, type: pictures[place].type })));
    await change.done;
    this.changed();
    return id;
  }

  items() {
    return this.kept.base.getAll("outbox");
  }

  // As they were taken.
  async pictures(id) {
    const range = IDBKeyRange.bound([id], [id, []]);
    return (await this.kept.base.getAll("pictures", range)).map(({ data, type }) => new Blob([data], { type }));
  }

  // Try a refused item again, with `change` made to it.
  async retry(id, change = {}) {
    await this._change(id, { state: "waiting", refusal: null, failures: 0, ...change });
    this.changed();
  }

  async discard(id) {
    await this._drop(id);
    this.changed();
  }

  // Send what can be sent. Says why it ended; when nobody answered or the server failed, by which `status`, and after which pause
  // to try again where the server named one.
  drain() {
    return alone(this.kept, TURN, () => this._drain());
  }

  async _drain() {
    if (!next(await this.items())) return { why: EMPTY };
    const stop = await this._whoAmI();
    if (stop) return stop;
    for (let item = next(await this.items()); item; item = next(await this.items())) {
      const ended = await this._carryOut(item);
      if (ended) return ended;
    }
    return { why: EMPTY };
  }

  // What waits belongs to one account: nobody else's session may carry it out.
  async _whoAmI() {
    const { status, body } = await send({ path: "/api/me", actor: this.me.actor });
    if (status === 200) return body.account === this.me.account ? null : { why: SIGNED_OUT };
    return { why: status === 401 || status === 403 ? SIGNED_OUT : AWAY, status };
  }

  async _carryOut(item) {
    while (item.answers.length < item.steps.length) {
      const answer = await this._step(item);
      if (answer.status < 200 || answer.status >= 300) return this._failed(item, answer);
      item.answers.push(answer.body ?? {});
      if (!(await this._change(item.id, { answers: item.answers, failures: 0 }))) return null;
      if (item.answers.length < item.steps.length) this.changed();
    }
    await this._drop(item.id);
    this.sent(item);
    this.changed();
    return null;
  }

  async _step({ id, steps, answers }) {
    const { method, path, body, picture, key } = steps[answers.length];
    const found = picture === undefined ? null : await this.kept.base.get("pictures", [id, picture]);
    const content = found ? { data: found.data, type: found.type } : { body: filled(body, answers) };
    return send({ method, path: filledPath(path, answers), ...content, key, actor: this.me.actor });
  }

  async _failed(item, { status, body, retryAfterMs }) {
    const { code = "unavailable", message = "", detail = {} } = body?.error ?? {};
    if (status === 401 || ["unfinished", "cross_site"].includes(code)) return { why: SIGNED_OUT };
    const failures = item.failures + (code === "internal" ? 1 : 0);
    const isAway = status === 0 || status === 408 || status === 429 || status >= 500;
    if (isAway && failures < GIVEN_UP_AFTER) {
      await this._change(item.id, { failures });
      return { why: AWAY, status, retryAfterMs };
    }
    const refusal = { status, code, message, detail, at: new Date().toISOString() };
    await this._change(item.id, { state: "refused", refusal });
    this.changed();
    return null;
  }

  // False when the item is gone: another tab has thrown it away.
  async _change(id, change) {
    const turn = this.kept.base.transaction("outbox", "readwrite", { durability: "strict" });
    const item = await turn.store.get(id);
    if (item) await turn.store.put({ ...item, ...change });
    await turn.done;
    return Boolean(item);
  }

  async _drop(id) {
    const turn = this.kept.base.transaction(["outbox", "pictures"], "readwrite", { durability: "strict" });
    await turn.objectStore("outbox").delete(id);
    await turn.objectStore("pictures").delete(IDBKeyRange.bound([id], [id, []]));
    await turn.done;
  }
}

// The first that may go: what concerns the same case as a refused one waits for the worker to settle that.
function next(items) {
  const blocked = new Set();
  for (const { state, about } of items) if (state === "refused" && about !== null) blocked.add(about);
  return items.find(({ state, about }) => state === "waiting" && !blocked.has(about));
}

// `{0.id}` in a path stands for a member of the answer to step number 0.
function filledPath(path, answers) {
  return path.replace(/\{(\d+)\.(\w+)\}/g, (_whole, step, name) => encodeURIComponent(answers[step][name]));
}

function filled(value, answers) {
  if (Array.isArray(value)) return value.map((one) => filled(one, answers));
  if (value === null || typeof value !== "object") return value;
  if (value.$answer) return answers[value.$answer[0]][value.$answer[1]];
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, answers)]));
}
