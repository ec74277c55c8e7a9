// A canvas over the map that one function paints, kept in place by Leaflet while people drag and zoom.
import { BASE_ZOOM, getOrigin } from "./geometry.js";

const MARGIN = 0.25; // part of the window painted beyond each edge, so that dragging uncovers ground that is there already

export const Painter = L.Renderer.extend({
  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, { padding: MARGIN, ...options });
    this._paint = paint;
  },

  // Paint again at the next frame; many calls cost one painting.
  redraw() {
    if (!this._frame && this._map) this._frame = requestAnimationFrame(() => this._repaint());
    return this;
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "painter");
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    cancelAnimationFrame(this._frame);
    this._frame = null;
    this._container.remove();
    this._container = null;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    this._place();
    this._repaint();
  },

  _place() {
    const { x: width, y: height } = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    Object.assign(this._container, { width: width * ratio, height: height * ratio });
    Object.assign(this._container.style, { width: `${width}px`, height: `${height}px` });
    L.DomUtil.setPosition(this._container, this._bounds.min);
  },

  _repaint() {
    cancelAnimationFrame(this._frame);
    this._frame = null;
    const sheet = new Sheet(this._context, this._map, this._bounds);
    sheet.clear();
    this._paint(sheet);
  },
});

// What a paint function draws on: screen pixels by default, the coordinates of geometry.js inside `inWorld`.
class Sheet {
  constructor(context, map, bounds) {
    const corner = map.getPixelOrigin().add(bounds.min);
    this.context = context;
    this.zoom = map.getZoom();
    this.scale = 2 ** (this.zoom - BASE_ZOOM);
    this.ratio = window.devicePixelRatio || 1;
    this.left = getOrigin().x * this.scale - corner.x;
    this.top = getOrigin().y * this.scale - corner.y;
    this.size = bounds.getSize();
    this.box = this._box();
  }

  _box() {
    const [minX, minY] = [-this.left / this.scale, -this.top / this.scale];
    return { minX, minY, maxX: minX + this.size.x / this.scale, maxY: minY + this.size.y / this.scale };
  }

  at({ x, y }) {
    return { x: x * this.scale + this.left, y: y * this.scale + this.top };
  }

  clear() {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.clearRect(0, 0, this.size.x, this.size.y);
  }

  inWorld(draw) {
    const { context, ratio, scale } = this;
    context.save();
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * this.left, ratio * this.top);
    draw(context);
    context.restore();
  }

  fill(path, style, alpha = 1) {
    this.inWorld((context) => {
      context.globalAlpha = alpha;
      context.fillStyle = style;
      context.fill(path, "nonzero");
    });
  }

  // `width` and `dash` are screen pixels.
  stroke(path, style, width, { dash = [], alpha = 1 } = {}) {
    this.inWorld((context) => {
      context.globalAlpha = alpha;
      context.strokeStyle = style;
      context.lineJoin = "round";
      context.lineWidth = width / this.scale;
      context.setLineDash(dash.map((length) => length / this.scale));
      context.stroke(path);
    });
  }

  erase(path) {
    this.inWorld((context) => {
      context.globalCompositeOperation = "destination-out";
      context.fill(path, "nonzero");
    });
  }
}
