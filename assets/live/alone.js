// A stage on a page of its own, without Streamlit: what the link says is read, shown and written back.

import { Refusal, plus, readOption, readWhole, writeNumber } from "./notation.js";

const REST = 250; // ms without a change before the link is written: browsers refuse more than some a second

// What a link with these parameters, pairs of name and text, says: the values of the inputs, and the
// sentences on what cannot be used. `readers` read one input each, from its texts; what a reader
// refuses leaves the default.
export function readLink(pairs, inputs, readers) {
  const values = {};
  const notices = [];
  for (const [key, read] of Object.entries(readers)) {
    const texts = textsOf(pairs, key);
    values[key] = inputs[key].default;
    if (texts.length) values[key] = read(texts, inputs[key], (words) => notices.push(words)) ?? values[key];
  }
  return { values, notices };
}

export function textsOf(pairs, key) {
  return pairs.filter(([name]) => name === key).map(([, text]) => text);
}

// The pairs of a link that says these values, but for what it need not say.
export function pairsOf(values, inputs) {
  const pairs = [];
  for (const [key, value] of Object.entries(values)) {
    if (String(value) === String(inputs[key].default)) continue;
    const texts = Array.isArray(value) ? (value.length ? value : [""]) : [value];
    pairs.push(...texts.map((text) => [key, String(text)]));
  }
  return pairs;
}

// The readers of the kinds of input; see pages/widgets/inputs.py.
export function oneOf(texts, input, say) {
  const read = texts.map((text) => readOption(text, input.options));
  if (read.includes(undefined)) say(unusable(input, input.options.join(", ")));
  return read.pop(); // the last counts
}

export function someOf(texts, input, say) {
  const read = texts.map((text) => (text === "" ? "" : readOption(text, input.options)));
  if (read.includes(undefined)) say(unusable(input, input.options.join(", ")));
  const kept = read.filter((each) => each !== undefined);
  return kept.length ? input.options.filter((option) => kept.includes(option)) : undefined;
}

export function wholeOf(texts, input, say) {
  const read = texts.map((text) => readWhole(text, input.low, input.high));
  if (read.includes(undefined)) say(unusable(input, `a whole number from ${input.low} to ${input.high}`));
  return read.pop(); // the last counts
}

// A switch that is on or off.
export function eitherOf(texts, input, say) {
  const found = oneOf(texts, { ...input, options: ["true", "false"] }, say);
  return found && found === "true";
}

// For a number with this reader, one that is written as text.
export function positiveBy(readPositive) {
  return (texts, input, say) => {
    const found = attempt(input, texts, (text) => readPositive(text, input.label.toLowerCase()), say, writeNumber(Number(input.default)));
    return found === undefined ? undefined : writeNumber(found);
  };
}

export function unusable({ key, label }, allowed) {
  return `The link's ${key} (${label}) cannot be used. Accepted: ${allowed}.`;
}

// What `read` makes of the last text; what it refuses is said, with what is shown instead.
export function attempt({ label }, texts, read, say, shown) {
  try {
    return read(plus(texts[texts.length - 1]));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(`${label}: ${error.message} Still shown: ${shown}.`);
  }
}

// The inputs of a card that opens with other values than their defaults.
export function opened(inputs, opens) {
  return Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, { ...input, default: opens[key] ?? input.default }]));
}

// Show a stage: `card.read(pairs)` gives { values, notices }, `card.data(values)` what the stage is told,
// `card.take(values, edit)` the values after an edit, `card.write(values)` the pairs of the card's link,
// `card.full(values)` those of the full page's,
// `card.idle(values)` the inputs that play no part, `card.resets` what else is set when the reader sets an input; `card.examples` are ready-made values.
export function alone(component, card) {
  const root = document.querySelector("main");
  const said = root.querySelector(".notices");
  const home = root.querySelector(".home");
  // A file has no query of its own; what stands behind a # is never sent to anybody.
  const inHash = location.protocol === "file:";
  let values = {};
  let taken = 0;
  let resting = 0;

  function open() {
    const query = inHash || location.hash.length > 1 ? location.hash.slice(1) : location.search;
    const found = card.read([...new URLSearchParams(query)]);
    values = found.values;
    said.replaceChildren(...found.notices.map(paragraph));
    show();
  }

  function show() {
    for (const control of root.querySelectorAll("[data-input]")) {
      fill(control, values[control.dataset.input]);
      control.disabled = Boolean(card.idle?.(values).includes(control.dataset.input));
    }
    home?.setAttribute("href", `${home.dataset.address}?${new URLSearchParams(card.full(values))}`);
    component({ parentElement: root, data: { ...card.data(values), ack: taken, label: "" }, setTriggerValue });
  }

  function setTriggerValue(name, edit) {
    if (name !== "edit") return;
    taken = edit.n;
    set(card.take(values, edit));
  }

  function set(changed) {
    values = changed;
    said.replaceChildren(); // what was wrong with the link is no more
    show();
    clearTimeout(resting);
    resting = setTimeout(() => history.replaceState(null, "", inHash ? `#${query()}` : `?${query()}`), REST);
  }

  function query() {
    return String(new URLSearchParams(card.write(values)));
  }

  root.addEventListener("change", ({ target }) => {
    const control = target.closest("[data-input]");
    if (!control) return;
    const { input } = control.dataset;
    set({ ...values, ...card.resets?.[input], [input]: valueOf(control) });
  });
  root.querySelector(".examples")?.addEventListener("change", ({ target }) => {
    if (target.value) set({ ...values, ...card.examples[target.value] });
    target.value = "";
  });
  addEventListener("hashchange", open);
  addEventListener("popstate", open);
  open();
}

function fill(control, value) {
  if (control.matches("select")) control.value = value;
  else for (const box of control.querySelectorAll("input")) box.checked = value.includes(box.value);
}

function valueOf(control) {
  if (control.matches("select")) return control.value;
  return [...control.querySelectorAll("input:checked")].map((box) => box.value);
}

function paragraph(words) {
  const element = document.createElement("p");
  element.textContent = words;
  return element;
}
