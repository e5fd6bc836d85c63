// Curves over the hours that grow with the clock.

import uPlot from "lab/vendor/uplot/uPlot.esm.js";
import { letters, styleOf } from "lab/parts.js";

const DAY = 24;
const TICK = 8; // pixels; of a mark whose words stand in another chart
const LABEL = 1.25, ROWS = 3; // letters' height of a line of words above the curves, and how many lines there are

/** Lines told apart by dash as well as by colour: the left world, the right one, the result before. */
export const STYLES = {
  left: { colour: "--left", dash: [], width: 3 },
  right: { colour: "--right", dash: [10, 5], width: 3 },
  ghost: { colour: "--faint", dash: [2, 5], width: 2 },
};

/**
 * A chart of some series over hours.
 * series: [{label, style: one of STYLES or {colour, dash, width, fill(context)}, values: a number an hour, or null}]; marks: [{hour, label}];
 * named: whether marks have their words here, or are short ticks since another chart beside has them; format: of numbers on the axis; day: of a day; range: [at the bottom, at the top] where it is not from 0 to the highest; splits: of that axis.
 * Returns {node, show(hour, exact), leave(), canvas}.
 */
export function lines({ series, marks = [], named = true, height = 220, format = String, day, label, most = null, range = null, splits = null }) {
  const node = document.createElement("div");
  node.className = "chart";
  const hours = Math.max(...series.map((one) => one.values.length));
  const times = Array.from({ length: hours }, (_, hour) => hour);
  const top = most ?? Math.max(1e-9, ...series.flatMap((one) => Array.from(one.values)));
  let until = hours, plot = null;
  const shown = () => [times, ...series.map((one) => times.map((hour) => (hour <= until && hour < one.values.length ? one.values[hour] : null)))];

  function make() {
    plot?.destroy();
    const size = letters(), line = LABEL * size, ink = styleOf("--ink"), faint = styleOf("--line");
    const axis = { stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { stroke: faint }, font: `${size}px ${styleOf("--font")}` };
    plot = new uPlot({
      width: node.clientWidth || 300, height, legend: { show: false }, cursor: { show: false },
      padding: [marks.length && named ? line * Math.min(ROWS, marks.length) + 6 : 6, 12, 0, 0],
      scales: { x: { time: false, range: [0, hours] }, y: rising(range ?? [0, top * 1.08]) },
      axes: [
        { ...axis, splits: () => daysOf(hours, node.clientWidth), values: (_, all) => all.map((hour) => day(hour)) },
        { ...axis, size: 4.4 * size, ...(splits ? { splits } : {}), values: (_, all) => all.map((value) => format(value)) },
      ],
      series: [{}, ...series.map((one) => lineOf(one))],
      hooks: { drawAxes: [(chart) => drawMarks(chart, marks, named)], draw: [(chart) => drawNow(chart, until)] },
    }, shown(), node);
    const canvas = plot.ctx.canvas;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
  }

  const watch = new ResizeObserver(() => {
    if (node.clientWidth && (!plot || plot.width !== node.clientWidth)) make();
  });
  watch.observe(node);
  const light = matchMedia("(prefers-color-scheme: dark)");
  const again = () => node.clientWidth && make();
  light.addEventListener("change", again);
  document.addEventListener("theme", again);
  return {
    node,
    show(hour) {
      if (hour === until) return;
      until = hour;
      plot?.setData(shown(), false);
      plot?.redraw();
    },
    canvas() {
      if (!plot && node.clientWidth) make();
      return plot?.ctx.canvas ?? null;
    },
    leave() {
      watch.disconnect();
      light.removeEventListener("change", again);
      document.removeEventListener("theme", again);
      plot?.destroy();
    },
  };
}

/** A scale from the bottom to the top, whichever is the larger number. */
const rising = ([bottom, top]) => (bottom < top ? { range: [bottom, top] } : { range: [top, bottom], dir: -1 });

function lineOf(one) {
  const style = STYLES[one.style] ?? one.style;
  let made = null; // a fill is made once for each chart, since a pattern hangs on its colours
  const fill = style.fill ? (chart) => (made ??= style.fill(chart.ctx)) : undefined;
  return { label: one.label, stroke: styleOf(style.colour), width: style.width, dash: style.dash, fill, points: { show: false } };
}

/** Midnights to write on the axis, as many as there is room for. */
function daysOf(hours, width) {
  const days = Math.ceil(hours / DAY), step = Math.max(1, Math.ceil(days / Math.max(2, Math.floor(width / (6.5 * letters())))));
  return Array.from({ length: Math.ceil(days / step) }, (_, i) => i * step * DAY);
}

function drawMarks(chart, marks, named) {
  const { ctx, bbox } = chart, ratio = devicePixelRatio || 1, size = letters() - 1, line = LABEL * size;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = styleOf("--soft-ink");
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.font = `${size * ratio}px ${styleOf("--font")}`;
  marks.forEach((mark, i) => {
    const x = chart.valToPos(mark.hour, "x", true), y = bbox.top - (4 + line * (Math.min(ROWS, marks.length) - 1 - (i % ROWS))) * ratio;
    if (x < bbox.left || x > bbox.left + bbox.width + 1) return;
    ctx.setLineDash(named ? [4 * ratio, 4 * ratio] : []);
    ctx.beginPath();
    if (!named) {
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + TICK * ratio);
      return ctx.stroke();
    }
    ctx.moveTo(x, y - (line - 5) * ratio);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const wide = ctx.measureText(mark.label).width, room = bbox.left + bbox.width - x;
    ctx.fillText(mark.label, room < wide + 6 * ratio ? x - wide - 4 * ratio : x + 4 * ratio, y);
  });
  ctx.restore();
}

/** A thin line at the hour that is shown. */
function drawNow(chart, hour) {
  const { ctx, bbox } = chart, x = chart.valToPos(hour, "x", true);
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = styleOf("--ink");
  ctx.lineWidth = devicePixelRatio || 1;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
