// Pictures to go with a deed: taken or chosen, shrunk on the phone, shown small, thrown away again.
import { fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { shrink } from "./picture.js";

const MOST = 9; // that the server takes with one move

export class Pictures {
  // `changed` hears of every picture that comes or goes.
  constructor({ words = t("Add a photo"), changed = () => {} } = {}) {
    Object.assign(this, { taken: [], changed });
    this.list = h("ul", { class: "thumbs" });
    this.element = h("div", { class: "pictures" }, this.list, takePicture(words, (files) => this.add(files)));
  }

  // Pictures that are small already.
  keep(blobs) {
    for (const blob of blobs) this.taken.push({ address: URL.createObjectURL(blob), blob: Promise.resolve(blob) });
    this._draw();
  }

  add(files) {
    for (const file of [...files].slice(0, MOST - this.taken.length)) this.taken.push({ address: URL.createObjectURL(file), blob: shrink(file) });
    this._draw();
    if (files.length) this.changed();
  }

  // Shrunk, when the last of them is.
  ready() {
    return Promise.all(this.taken.map(({ blob }) => blob));
  }

  _draw() {
    fill(this.list, this.taken.map((one, place) => this._thumb(one, place)));
  }

  _thumb(one, place) {
    const drop = () => {
      URL.revokeObjectURL(one.address);
      this.taken.splice(place, 1);
      this._draw();
      this.changed();
    };
    const name = t("Photo {id}", { id: place + 1 });
    return h("li", {}, h("img", { src: one.address, alt: name }), h("button", { type: "button", class: "round", "aria-label": `${t("Take out")}: ${name}`, onclick: drop }, icon("close")));
  }
}

// Opens the camera, or a chooser of pictures where there is none.
export function takePicture(words, take, look = "button wide outlined") {
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, onchange: ({ target }) => take([...target.files]) });
  return h("label", { class: `${look} file-button` }, icon("camera"), h("span", {}, words), input);
}
