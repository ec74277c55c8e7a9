// Charts by Apache ECharts, loaded only when they are looked at: what comes in and goes out, how old the open cases are, what
// was done on time, and where. A bar that is pressed leads to its cases.
import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { CHARTS, common } from "./drawings.js";
import { emptyNote, loadingNote, troubleNote } from "./states.js";
import { day } from "./time.js";

const LIBRARY = "/vendor/echarts/echarts.esm.min.js";
const PERIODS = [7, 30, 90];
const DAY_MS = 86_400_000;

export class Charts {
  constructor(desk) {
    Object.assign(this, { desk, days: 30, drawn: [], turn: 0 });
    this.box = h("div", { class: "charts" });
    new ResizeObserver(() => this.drawn.forEach((chart) => chart.resize())).observe(this.box);
  }

  show(container) {
    fill(container, this.box);
  }

  update() {}

  refresh() {
    return this.load(this.query);
  }

  async load(query) {
    this.turn += 1;
    const { turn } = this;
    this.query = query;
    if (!this.drawn.length) fill(this.box, loadingNote());
    try {
      const [told, library] = await Promise.all([get("/api/cases/charts", { ...query, ...this._period() }), import(LIBRARY)]);
      if (turn === this.turn) this._draw(told, library);
    } catch (error) {
      if (turn === this.turn)
        fill(
          this.box,
          troubleNote(error, () => this.load(query)),
        );
    }
  }

  _period() {
    return { from: day(Date.now() - (this.days - 1) * DAY_MS), to: day() };
  }

  _draw(told, library) {
    this.drawn.forEach((chart) => chart.dispose());
    const figures = CHARTS.map(({ title }) =>
      h("figure", { class: "chart" }, h("figcaption", {}, title()), h("div", { class: "chart-place" })),
    );
    const { scrollTop } = this.box;
    fill(this.box, this._periods(), figures);
    this.drawn = CHARTS.map((one, index) => this._chart(figures[index].lastChild, one, told, library)).filter(Boolean);
    this.box.scrollTop = scrollTop;
  }

  _chart(place, { data, draw, height, filter }, told, library) {
    const shown = data(told);
    if (!shown.length) {
      fill(place, emptyNote(t("Nothing to show for this period.")));
      return null;
    }
    if (height) place.style.height = `${height(shown)}px`;
    const chart = library.init(place);
    chart.setOption({ ...common(), ...draw(shown) });
    if (filter) chart.on("click", ({ dataIndex }) => this.desk.filter({ [filter]: shown[dataIndex].key }, { view: "table" }));
    return chart;
  }

  _periods() {
    const choose = (days) => () => {
      this.days = days;
      this.load(this.query);
    };
    const option = (days) => {
      const press = { type: "button", class: "segment", "aria-pressed": String(days === this.days), onclick: choose(days) };
      return h("button", press, t("{days} days", { days }));
    };
    return h("div", { class: "segments periods", role: "group", "aria-label": t("Period") }, PERIODS.map(option));
  }
}
