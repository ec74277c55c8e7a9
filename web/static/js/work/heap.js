// A queue that gives the smallest first: pairs of a number and what belongs to it.

export class Heap {
  constructor() {
    this.pairs = [];
  }

  get isEmpty() {
    return this.pairs.length === 0;
  }

  push(weight, thing) {
    const { pairs } = this;
    let at = pairs.push(null) - 1;
    for (let above = (at - 1) >> 1; at > 0 && pairs[above][0] > weight; above = (at - 1) >> 1) {
      pairs[at] = pairs[above];
      at = above;
    }
    pairs[at] = [weight, thing];
  }

  pop() {
    const { pairs } = this;
    const first = pairs[0];
    const last = pairs.pop();
    if (pairs.length) this._sink(last);
    return first;
  }

  _sink(pair) {
    const { pairs } = this;
    let at = 0;
    for (let below = 1; below < pairs.length; below = 2 * at + 1) {
      if (below + 1 < pairs.length && pairs[below + 1][0] < pairs[below][0]) below += 1;
      if (pairs[below][0] >= pair[0]) break;
      pairs[at] = pairs[below];
      at = below;
    }
    pairs[at] = pair;
  }
}
