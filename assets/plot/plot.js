// A Plotly figure that is redrawn in place, in the colors of the page, and whose cells can be chosen.

const [LEGEND_MARK, LEGEND_LETTER, LEGEND_LINE, TITLE] = [50, 6.5, 19, 26]; // pixels
const LEAST_WIDTH = 260; // pixels of one of several plots side by side; with less room they go below each other
const CONFIG = { displayModeBar: false, responsive: false, showTips: false };
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
const SPEECH_REST = 200; // ms without a key before the cell is spoken; Plotly writes it within 50
const FAR = 10; // cells, with Shift
const SHARP = 3; // pixels of a saved PNG for each on the page
const FILE = "clipscope";
const KEPT_FOR = 2500; // ms, until the browser has it

const plots = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".plot");
  if (!plots.has(root)) plots.set(root, createPlot(root));
  const plot = plots.get(root);
  plot.tell = (cell) => setTriggerValue("chosen", cell);
  plot.accept(data);
  return plot.leave;
}

function createPlot(root) {
  const [canvas, cell, wait, saves, spoken] = ["canvas", "cell", "wait", "saves", "spoken"].map((name) => root.querySelector(`.${name}`));
  const paint = colorReader(root);
  const plot = { tell: () => {}, accept, leave };
  let data = null;
  let drawn = ""; // what Plotly was last given
  let drawing = Promise.resolve();
  let cursor = null; // { map, column, row }
  let byKeyboard = false;
  let speaking = 0;

  function accept(next) {
    data = next;
    canvas.setAttribute("aria-label", data.alt);
    if (!canvas.hasAttribute("role")) canvas.setAttribute("role", "img"); // not before it has a name
    if (!drawn) root.style.minHeight = `${data.height}px`; // so that nothing jumps when it comes
    schedule();
  }

  function schedule() {
    drawing = drawing.then(draw).catch((error) => {
      wait.hidden = false;
      wait.textContent = "The picture cannot be drawn here; its numbers are below.";
      console.warn(error);
    });
  }

  async function draw() {
    const Plotly = await load(data.library);
    const width = root.clientWidth;
    if (!width || !root.isConnected) return;
    const figure = JSON.parse(data.figure, (_, value) => (typeof value === "string" && value.startsWith("var(") ? paint(value) : value));
    const family = getComputedStyle(root).fontFamily;
    const { font, hoverlabel } = figure.layout.template?.layout ?? {};
    for (const each of [font, hoverlabel?.font]) if (each) each.family = family;
    fit(figure, width);
    const wanted = JSON.stringify([data.figure, width, figure.layout]);
    if (wanted === drawn) return;
    const first = !drawn;
    drawn = wanted;
    await Plotly.react(canvas, figure.data, figure.layout, CONFIG);
    wait.hidden = true;
    saves.hidden = false;
    if (first) listen(Plotly);
    root.style.minHeight = "";
    const usable = maps().length > 0;
    canvas.setAttribute("role", usable ? "application" : "img");
    if (usable) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
    frameCell();
  }

  saves.addEventListener("click", async ({ target }) => {
    const as = target.value;
    if (!as) return;
    const Plotly = await load(data.library);
    if (as === "json") return save(`${FILE}.json`, Plotly.Plots.graphJson(canvas, false, "keepdata"));
    const { data: traces, layout, clientWidth: width, clientHeight: height } = canvas;
    const figure = { data: traces, layout: { ...layout, paper_bgcolor: getComputedStyle(root).backgroundColor } };
    return Plotly.downloadImage(figure, { format: as, width, height, scale: as === "png" ? SHARP : 1, filename: FILE });
  });

  function maps() {
    return canvas._fullData.filter((trace) => trace.type === "heatmap" && trace.visible === true);
  }

  function listen(Plotly) {
    canvas.on("plotly_click", ({ points: [point] }) => {
      if (point.fullData.type !== "heatmap") return;
      const [row, column] = point.pointIndex ?? point.pointNumber;
      byKeyboard = false;
      cursor = { map: maps().indexOf(point.fullData), column, row };
      choose();
    });
    canvas.on("plotly_afterplot", frameCell);
    canvas.addEventListener("pointermove", () => {
      byKeyboard = false;
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || !maps().length) return;
      if (event.key in STEPS) move(...STEPS[event.key].map((step) => step * (event.shiftKey ? FAR : 1)));
      else if ((event.key === "Enter" || event.key === " ") && cursor) choose();
      else return;
      event.preventDefault();
      event.stopPropagation();
      point(Plotly);
    });
    canvas.addEventListener("focus", () => {
      if (!canvas.matches(":focus-visible") || !maps().length) return;
      cursor ??= nearest();
      point(Plotly);
    });
    canvas.addEventListener("blur", () => {
      byKeyboard = false;
      Plotly.Fx.unhover(canvas);
      frameCell();
    });
  }

  function nearest() {
    const [map] = maps();
    const wanted = canvas._fullLayout.meta?.cursor;
    const places = wanted ? [map.x, map.y].map((all, axis) => closest(all, wanted[axis])) : [map.x, map.y].map((all) => all.length >> 1);
    return { map: 0, column: places[0], row: places[1] };
  }

  function move(columns, rows) {
    const all = maps();
    cursor ??= nearest();
    let { map, column } = cursor;
    column += columns;
    // Maps stand side by side: past the edge of one begins the next.
    if (column < 0 && map > 0 && cursor.column === 0) column = all[--map].x.length - 1;
    else if (column >= all[map].x.length && map < all.length - 1 && cursor.column === all[map].x.length - 1) [map, column] = [map + 1, 0];
    cursor = {
      map,
      column: Math.min(Math.max(column, 0), all[map].x.length - 1),
      row: Math.min(Math.max(cursor.row + rows, 0), all[map].y.length - 1),
    };
  }

  function point(Plotly) {
    byKeyboard = true;
    frameCell();
    const map = maps()[cursor.map];
    const { _fullLayout: layout } = canvas;
    const place = { xpx: axisOf(layout, map.xaxis).d2p(map.x[cursor.column]), ypx: axisOf(layout, map.yaxis).d2p(map.y[cursor.row]) };
    Plotly.Fx.hover(canvas, place, map.xaxis + map.yaxis);
    clearTimeout(speaking);
    speaking = setTimeout(speak, SPEECH_REST);
  }

  function speak() {
    const words = [...canvas.querySelectorAll(".hoverlayer .hovertext text:not(:empty)")].flatMap(linesOf);
    spoken.textContent = words.join(", ");
  }

  function choose() {
    const map = maps()[cursor.map];
    if (data.clickable) plot.tell({ x: map.x[cursor.column], y: map.y[cursor.row] });
  }

  function frameCell() {
    const map = cursor && maps()[cursor.map];
    cell.hidden = true;
    if (!map || !byKeyboard || cursor.column >= map.x.length || cursor.row >= map.y.length) return;
    const { _fullLayout: layout } = canvas;
    const [left, right] = edges(axisOf(layout, map.xaxis), map.x, cursor.column);
    const [top, bottom] = edges(axisOf(layout, map.yaxis), map.y, cursor.row);
    if (right <= left || bottom <= top) return; // outside of what is zoomed to
    Object.assign(cell.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    cell.hidden = false;
  }

  function leave() {
    resize.disconnect();
    clearTimeout(speaking);
    if (window.Plotly) window.Plotly.purge(canvas);
    plots.delete(root);
  }

  const resize = new ResizeObserver(() => data && schedule());
  resize.observe(root);
  return plot;
}

// Plotly cannot read the page's variables, color-mix() or light-dark(); a painted pixel can.
function colorReader(root) {
  const probe = document.createElement("span");
  probe.hidden = true;
  root.append(probe);
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return (color) => {
    probe.style.color = color;
    brush.fillStyle = getComputedStyle(probe).color;
    brush.clearRect(0, 0, 1, 1);
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  };
}

function fit({ data, layout }, width) {
  layout.width = width;
  layout.autosize = false;
  const coarse = matchMedia("(pointer: coarse)").matches;
  if (coarse) layout.dragmode = false; // a finger on the plot scrolls the page
  const count = layout.grid ? layout.grid.rows * layout.grid.columns : 1;
  if (count > 1) {
    const columns = Math.max(1, Math.min(count, Math.floor(width / LEAST_WIDTH)));
    const rows = Math.ceil(count / columns);
    Object.assign(layout.grid, { rows, columns: Math.ceil(count / rows) });
    layout.height *= rows;
    if (layout.legend?.yref === "container") {
      // Plotly makes the columns of a legend as wide as the longest name.
      const names = new Set(data.filter(({ showlegend }) => showlegend !== false).map(({ name }) => name ?? ""));
      const longest = Math.max(...[...names].map((name) => name.length));
      const lines = Math.ceil(names.size / Math.max(1, Math.floor(width / (LEGEND_MARK + LEGEND_LETTER * longest))));
      const more = Math.max(0, LEGEND_LINE * (lines + 1) + TITLE - layout.margin.t);
      layout.margin.t += more;
      layout.height += more;
    }
    // What is written beside the first map of a row holds for the others.
    for (let i = 0; i < count; i++) if (i % layout.grid.columns) delete layout[`yaxis${i + 1}`]?.title;
  }
}

function axisOf(layout, id) {
  return layout[`${id[0]}axis${id.slice(1)}`];
}

// Where a cell begins and ends on the screen, cut to what is shown.
function edges(axis, values, at) {
  const places = [at - 1, at, at + 1].map((i) => (values[i] === undefined ? NaN : axis.d2p(values[i])));
  const [before, middle, after] = places;
  const half = (Number.isNaN(after) ? middle - before : after - middle) / 2;
  const [low, high] = [middle - half, middle + half].sort((a, b) => a - b);
  return [Math.max(low, 0), Math.min(high, axis._length)].map((place) => place + axis._offset);
}

function closest(values, wanted) {
  const distance = (value) => Math.abs(Math.log(value / wanted)) || Math.abs(value - wanted);
  return values.reduce((best, value, i) => (distance(value) < distance(values[best]) ? i : best), 0);
}

function linesOf(text) {
  const lines = [...text.querySelectorAll("tspan.line")];
  return (lines.length ? lines : [text]).map((line) => line.textContent.trim()).filter(Boolean);
}

// The library lies beside Streamlit's own scripts, wherever the app is mounted.
function load(library) {
  if (window.Plotly) return window.Plotly;
  window.plotlyLoading ??= new Promise((resolve, reject) => {
    const own = document.querySelector('script[src*="static/js/"]')?.src;
    const script = document.createElement("script");
    script.src = own ? new URL(`../../${library}`, own) : library;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window.plotlyLoading = undefined;
      reject(new Error("Plotly could not be loaded"));
    };
    document.head.append(script);
  });
  return window.plotlyLoading;
}

function save(name, text) {
  const link = document.createElement("a");
  Object.assign(link, { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR);
}
