// The charts of the desk as Apache ECharts takes them. Texts are drawn on canvas, never written as markup.
import { nameOf, number, percent, t } from "../i18n.js";
import { colour, token } from "../tokens.js";

const CELLS = 16;
const ROW_PX = 24;
const AROUND_PX = 60;

export function common() {
  return {
    animationDuration: 250,
    textStyle: { fontFamily: token("type-family"), color: colour("ink") },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 8, icon: "roundRect", textStyle: { color: colour("ink-soft") } },
  };
}

function axis() {
  return {
    axisLine: { lineStyle: { color: colour("line") } },
    axisTick: { show: false },
    axisLabel: { color: colour("ink-soft") },
    splitLine: { lineStyle: { color: colour("line") } },
  };
}

const counts = () => ({ type: "value", minInterval: 1, ...axis() });
const names = (data) => ({ type: "category", data, ...axis(), splitLine: { show: false } });

function everyOne(axis) {
  return { ...axis, axisLabel: { ...axis.axisLabel, interval: 0 } };
}

function flow(data) {
  const line = (name, key, style) => ({
    name,
    type: "line",
    symbolSize: 5,
    showSymbol: data.length < 32,
    data: data.map((one) => one[key]),
    ...style,
  });
  return {
    xAxis: { ...names(data.map((one) => one.day.slice(5).replace("-", "/"))), boundaryGap: false },
    yAxis: counts(),
    series: [
      line(t("Filed"), "opened", { color: colour("primary"), areaStyle: { opacity: 0.08 } }),
      line(t("Closed"), "closed", { color: colour("left-soon"), symbol: "diamond", lineStyle: { type: "dashed", width: 2.5 } }),
    ],
  };
}

function ageing(data) {
  return {
    legend: { show: false },
    grid: { ...common().grid, top: 24 },
    xAxis: everyOne(names(data.map(({ bucket }) => t("{days} d", { days: bucket.replace("-", "–") })))),
    yAxis: counts(),
    series: [
      {
        type: "bar",
        name: t("Open cases"),
        barMaxWidth: 44,
        color: colour("primary"),
        itemStyle: { borderRadius: [3, 3, 0, 0] },
        label: { show: true, position: "top", color: colour("ink-soft") },
        data: data.map(({ count }) => count),
      },
    ],
  };
}

function onTime(data) {
  const share = ({ on_time: done, total }) => (total ? done / total : null);
  const words = (one) => `${percent(share(one))}  ${number(one.on_time)}/${number(one.total)}`;
  return {
    legend: { show: false },
    tooltip: { show: false },
    grid: { ...common().grid, top: 8, right: 110 },
    xAxis: { type: "value", max: 1, ...axis(), axisLabel: { color: colour("ink-soft"), formatter: percent } },
    yAxis: { ...everyOne(names(data.map(nameOf))), inverse: true },
    series: [
      {
        type: "bar",
        barMaxWidth: 14,
        color: colour("left-ok"),
        itemStyle: { borderRadius: [0, 3, 3, 0] },
        showBackground: true,
        backgroundStyle: { color: colour("surface-soft") },
        label: {
          show: true,
          position: "right",
          color: colour("ink-soft"),
          formatter: ({ dataIndex }) => words(data[dataIndex]),
        },
        data: data.map(share),
      },
    ],
  };
}

function byCell(data) {
  const bar = (name, color, values) => ({ name, type: "bar", stack: "all", barMaxWidth: 14, color, data: values });
  return {
    xAxis: counts(),
    yAxis: { ...everyOne(names(data.map(nameOf))), inverse: true },
    series: [
      bar(
        t("Overdue"),
        colour("left-late"),
        data.map(({ late }) => late),
      ),
      bar(
        t("Others"),
        colour("left-ok"),
        data.map(({ open, late }) => open - late),
      ),
    ],
  };
}

function rowsHigh(data) {
  return AROUND_PX + data.length * ROW_PX;
}

// `data` of an answer, how it is drawn, its title, how high it is, and by what its bars filter.
export const CHARTS = [
  { data: ({ flow: days }) => days, draw: flow, title: () => t("In and out, by day") },
  { data: ({ ageing: ages }) => ages, draw: ageing, title: () => t("How old open cases are") },
  { data: ofDimension("street"), draw: onTime, title: () => t("Done on time, by street"), height: rowsHigh, filter: "area" },
  {
    data: ofDimension("category"),
    draw: onTime,
    title: () => t("Done on time, by category"),
    height: rowsHigh,
    filter: "category",
  },
  {
    data: ({ by_cell: cells }) => cells.slice(0, CELLS),
    draw: byCell,
    title: () => t("Cells with the most cases"),
    height: rowsHigh,
    filter: "cell",
  },
];

function ofDimension(wanted) {
  return ({ on_time: all }) => all.filter(({ dimension }) => dimension === wanted);
}
