// Gradients, numbers and options as people write them: what core.notation, core.printed and the inputs
// of the app accept, refuse and say of it, for pages that have no Python. A test holds both equal. As it
// has to hold all of that, it is long.

const WHITE = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"; // as Python has it
const EDGES = new RegExp(`^[${WHITE}]+|[${WHITE}]+$`, "g");
const BLANKS = new RegExp(`[${WHITE}]+`, "g");
const BRACKETS = /[[\]()]/g;
const MARKS = /[[\]()|]/;
const CLOSING = { "[": "]", "(": ")" };
const MOST_BRACKETS = 16; // open at once
const UNSEEN = /[\u200b-\u200d\u2060\ufeff]/g;
const SCALAR = /\b(?:np\.|numpy\.)?b?float\d+\([ \n]?([^()=, \n]+)[ \n]?\)(?![\w.])/g;
const TENSOR = /(?:\b[a-z]+\.)?\b(?:tensor|array)\(([^()=]*?)(?:,[ \n]?\w+=(?:\([^()]*\)|[^,()=]+))*,?[ \n]?\)/gi;
const DAMAGED = /\][^ \n,\]]|[^ \n,[]\[/;
const TENSORFLOW = /<tf\.([^<>]*)>/g;
const PARAMETER = /Parameter containing:[ \n]/g;
const WORD = "(?<![\\w.])(?!tensor|array|indices|values)(?:\\d+\\.)*[a-z_][\\w.]*";
const NAME = new RegExp(`(?:(['"])[\\w.]+\\1[ \\n]?[:,]|${WORD}[ \\n]?[:=])[ \\n]?(?=[[(])|${WORD}[ \\n]?(?=\\[)|OrderedDict(?=\\()`, "gi");
const DECIMAL_COMMA = /^[+\-\u2212]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+(?:e[+-]?\d+)?$/i;
const APART = /^(?:[ \n]+|[ \n]*[,;][ \n]*)$/; // what may stand between two lists
const NUMBER = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d{1,4})?$/i;
const WHOLE = /^ ?[+-]?[0-9]{1,18}(\.[0-9]{0,18})?(e[+-]?[0-9]{1,2})?$/i;
const EATEN_PLUS = /([0-9.]e) (?=[0-9])/gi; // of 1e+3
const MOST_QUOTED = 20; // characters
const MOST_IN_SIZE = 4; // digits

// A sentence for the reader.
export const Refusal = class extends Error {};

// `facts` are the constants and sentences of core.notation.
export function notation(facts) {
  const { accepted, hints, smallest, largest, range, mostNumbers, mostCharacters } = facts;
  const hinted = hints.map(([pattern, words]) => [new RegExp(pattern, "i"), words]);

  function readGradient(text, sizes = "") {
    const characters = [...text].length;
    if (characters > mostCharacters)
      refuse(`The gradient has ${grouped(characters)} characters, more than ${grouped(mostCharacters)}. ${accepted.gradient}`);
    const groups = layerTexts(text, accepted.gradient).map(words);
    if (groups.length === 1 && !groups[0].length) refuse(`The gradient is empty. ${accepted.gradient}`);
    if (groups.some((group) => !group.length)) refuse(`A layer without numbers: nothing stands beside a bar. ${accepted.gradient}`);
    const gradient = groups.flat().map((word) => number(word, accepted.gradient));
    let layers = groups.map((group) => group.length);
    if (strip(sizes)) layers = readLayers(sizes, layers);
    if (gradient.length > mostNumbers) refuse(`The gradient has ${grouped(gradient.length)} numbers. ${accepted.gradient}`);
    return { gradient, layers };
  }

  function readLayers(text, bars) {
    const given = words(unwrap(text.replaceAll("|", " ")));
    const layers = (given.length ? given : [""]).map((word) => {
      if (!new RegExp(`^\\d{1,${MOST_IN_SIZE}}$`).test(word) || Number(word) < 1)
        refuse(`${quote(word)} is not the size of a layer. ${accepted.layers}`);
      return Number(word);
    });
    const [total, wanted] = [sum(layers), sum(bars)];
    if (total !== wanted) refuse(`The layers have ${total} numbers, the gradient has ${wanted}. ${accepted.layers}`);
    if (bars.length > 1 && String(layers) !== String(bars))
      refuse(`The gradient itself says other layers: ${bars.join(", ")}. ${accepted.layers}`);
    return layers;
  }

  function readPositive(text, name) {
    const given = words(text);
    if (given.length !== 1) {
      const came = given.length ? "is more than one number" : "is empty";
      const meant = strip(text).replaceAll(".", "").replaceAll(",", ".");
      const hint = DECIMAL_COMMA.test(strip(text)) ? `With a decimal point it is ${meant}. ` : "";
      refuse(`The ${name} ${came}. ${hint}${accepted.positive}`);
    }
    const found = number(given[0], accepted.positive);
    if (!(found > 0)) refuse(`${quote(given[0])} is not positive. ${accepted.positive}`);
    return found;
  }

  function number(word, allowed) {
    if (!word) refuse(`Beside a comma or semicolon a number is missing. ${allowed}`);
    const match = NUMBER.exec(word);
    if (!match) {
      const said = hinted.map(([sign, hint]) => (sign.test(word) ? `${hint} ` : "")).join("");
      refuse(`${quote(word)} is not a finite number. ${said}${allowed}`);
    }
    const found = Number(word);
    const isZero = !/[^0.]/.test(match[1]); // 1e-400 is not zero, but reads as zero
    if (!isZero && !(smallest <= Math.abs(found) && Math.abs(found) <= largest))
      refuse(`${quote(word)} is out of range: sizes go from ${range}. ${allowed}`);
    return found;
  }

  return { readGradient, readPositive };
}

// One of the options, whatever its case; undefined if it is none.
export function readOption(text, options) {
  return options.find((option) => option.toLowerCase() === text.toLowerCase());
}

// A whole number within bounds; undefined if it is none.
export function readWhole(text, low, high) {
  const written = plus(text);
  const found = WHOLE.test(written) ? Number(written) : NaN;
  return low <= found && found <= high && Number.isInteger(found) ? found : undefined;
}

// The plus that a link turned into a space, where nothing else can be meant.
export function plus(text) {
  return text.replace(EATEN_PLUS, "$1+");
}

export function writeGradient(gradient, layers) {
  let from = 0;
  return layers.map((size) => gradient.slice(from, (from += size)).map(writeNumber).join(", ")).join(" | ");
}

// The shortest text that reads back as the same number, as Python writes it.
export function writeNumber(x) {
  if (Object.is(x, -0)) return "-0";
  const [mantissa, exponent] = x.toExponential().split("e");
  const power = Number(exponent);
  if (-4 <= power && power < 16) return String(x);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function layerTexts(text, allowed) {
  const plain = strip(text.replace(UNSEEN, "").replace(BLANKS, (run) => (/[\r\n]/.test(run) ? "\n" : " ")))
    .replace(SCALAR, "$1")
    .replace(TENSOR, (tensor, numbers) => (isWhole(numbers) ? `[${numbers.replace(BRACKETS, " ")}]` : tensor))
    .replace(TENSORFLOW, (_, said) => `[${said.split("numpy=").pop()}]`)
    .replace(PARAMETER, "")
    .replaceAll("{", "(")
    .replaceAll("}", ")")
    .replace(NAME, "");
  if (!MARKS.test(plain)) {
    const lines = plain.split("\n").map((line) => commas(line, allowed));
    if (lines.length === 1) return rows(plain, allowed);
    return lines.some((line) => isParted(line.replace(/^[ ,]+|[ ,]+$/g, ""))) ? lines : [lines.join(" ")];
  }
  let found = sections(plain, allowed);
  while (found.length === 1 && isOneList(found[0])) {
    const inner = found[0][1];
    if (!MARKS.test(inner)) return rows(inner, allowed);
    found = sections(inner, allowed);
  }
  return found.flatMap((section) => layersOf(section, allowed));
}

function isWhole(numbers) {
  return numbers.split("[").length === numbers.split("]").length && !DAMAGED.test(numbers);
}

// Parted at the bars outside of lists; in a section every second text is what a list holds.
function sections(text, allowed) {
  const found = [[]];
  let closing = ""; // what closes the brackets that are open, the innermost last
  let start = 0;
  for (const { 0: sign, index } of text.matchAll(new RegExp(MARKS, "g"))) {
    const outside = !closing;
    if (CLOSING[sign]) closing += CLOSING[sign];
    else if (sign !== "|") {
      if (closing.slice(-1) !== sign) refuse(`A bracket is closed that is not open. ${allowed}`);
      closing = closing.slice(0, -1);
    }
    if (closing.length > MOST_BRACKETS) refuse(`More than ${MOST_BRACKETS} brackets are open at once. ${allowed}`);
    if (outside || !closing) {
      found[found.length - 1].push(text.slice(start, index));
      start = index + 1;
    }
    if (outside && sign === "|") found.push([]);
  }
  if (closing) refuse(`A bracket is open that is not closed. ${allowed}`);
  found[found.length - 1].push(text.slice(start));
  return found;
}

function isOneList(section) {
  return section.length === 3 && !strip(section[0]) && ["", ","].includes(strip(section[2]));
}

function layersOf(section, allowed) {
  const [first, ...between] = section.filter((_, k) => k % 2 === 0);
  const lists = section.filter((_, k) => k % 2 === 1);
  if (!lists.length) return [commas(first, allowed)];
  const last = between.length - 1;
  if (strip(first) || !between.every((text, k) => APART.test(k === last ? `${text} ` : text))) refuse(`Beside a list stands something that is in no list. ${allowed}`);
  const layers = lists.map((each) => commas(each.replace(BRACKETS, " "), allowed));
  if (!layers.every(strip)) refuse(`A list holds no number. ${allowed}`);
  return layers;
}

// Parted at semicolons, if commas or spaces part the numbers.
function rows(text, allowed) {
  const found = cellsOf(text);
  const inOne = commas(text, allowed);
  if (!found.every(strip)) return [inOne]; // which says what is missing
  return found.some((row) => isParted(strip(row))) ? found : [inOne];
}

// With commas for semicolons.
function commas(text, allowed) {
  const cells = cellsOf(text);
  const found = cells.flatMap((cell) => strip(cell).split(/[ \n]+/)).filter(Boolean);
  const doubtful = found.length > 1 && !found.some((word) => /^,|,$/.test(word)); // a comma beside a space parts numbers
  if (doubtful && found.some((word) => DECIMAL_COMMA.test(word)))
    refuse(`Beside spaces or semicolons a comma may part numbers or be a decimal comma: decimals have a point, and a bar | parts layers. ${allowed}`);
  return cells.join(",");
}

function isParted(text) {
  return /[, \n]/.test(text);
}

function cellsOf(text) {
  return strip(text).replace(/;$/, "").split(";");
}

function words(text) {
  const parts = strip(text.replaceAll("\u2212", "-")).replace(/,$/, "").split(",");
  if (String(parts) === "" && parts.length === 1) return [];
  return parts.flatMap((part) => (strip(part) ? strip(part).split(BLANKS) : [""]));
}

function unwrap(text) {
  const stripped = strip(text);
  return /^\[[^]*\]$|^\([^]*\)$/.test(stripped) ? stripped.slice(1, -1) : stripped;
}

function strip(text) {
  return text.replace(EDGES, "");
}

function quote(word) {
  const characters = [...word];
  const shown = characters.slice(0, MOST_QUOTED).filter((c) => c === " " || !/[\p{C}\p{Z}`\\]/u.test(c)).join("");
  return `\`${shown || " "}${characters.length > MOST_QUOTED ? "…" : ""}\``;
}

function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function sum(numbers) {
  return numbers.reduce((all, each) => all + each, 0);
}

function refuse(words) {
  throw new Refusal(words);
}
