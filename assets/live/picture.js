// A stage as one picture: its planes, and under them the sentence, in the looks that it has on the page.

const LOOKS = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "text-anchor", "paint-order",
];
const FOR_HANDS = ".reach, .edge, .field"; // what is there to be grabbed, and not to be seen
const EDGE = 16; // pixels around, and between planes
const LINE = 24; // pixels from one line of the sentence to the next
const SIZE = 15; // pixels of its letters
const NARROWEST = 480; // pixels in which it can be read
const SVG = "http://www.w3.org/2000/svg";

// Return the picture as the text of an SVG file.
export async function pictureOf(stage) {
  const { color, backgroundColor, fontFamily } = getComputedStyle(stage);
  const paper = opaque(backgroundColor) ?? getComputedStyle(document.body).backgroundColor;
  const planes = [...stage.querySelectorAll(".pictures svg")];
  const sizes = planes.map((plane) => plane.getBoundingClientRect());
  const width = Math.max(NARROWEST, sizes.reduce((sum, size) => sum + size.width + EDGE, EDGE));
  const top = EDGE + Math.max(...sizes.map((size) => size.height));
  const lines = wrap(stage.querySelector(".words"), width - 2 * EDGE, `${SIZE}px ${fontFamily}`);
  const height = Math.ceil(top + EDGE + LINE * (lines.length + 0.5));
  const root = element("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  const style = element("style", {});
  style.textContent = await fontFaces(fontFamily);
  root.append(style, element("rect", { width, height, fill: paper }));
  let left = EDGE;
  for (const [k, plane] of planes.entries()) {
    const { width: wide, height: high } = sizes[k];
    const behind = opaque(getComputedStyle(plane).backgroundColor);
    if (behind) root.append(element("rect", { x: left, y: EDGE, width: wide, height: high, rx: 6, fill: behind }));
    const copy = copyOf(plane);
    for (const [name, value] of Object.entries({ x: left, y: EDGE, width: wide, height: high })) copy.setAttribute(name, value);
    root.append(copy);
    left += wide + EDGE;
  }
  for (const [k, line] of lines.entries()) {
    const text = element("text", { x: EDGE, y: top + EDGE + LINE * (k + 0.5), fill: color, "font-family": fontFamily, "font-size": SIZE });
    for (const { words, ink } of line) {
      const part = element("tspan", ink ? { fill: ink, "font-weight": 600 } : {});
      part.textContent = words;
      text.append(part);
    }
    root.append(text);
  }
  return new XMLSerializer().serializeToString(root);
}

// Return a picture as a PNG, so many times as large as on the page.
export async function pngOf(text, times) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * times, image.height * times];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function copyOf(plane) {
  const copy = plane.cloneNode(true);
  const [seen, made] = [plane, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  const left = [];
  for (const [k, original] of seen.entries()) {
    const looks = getComputedStyle(original);
    if (looks.display === "none" || original.matches(FOR_HANDS)) left.push(made[k]);
    for (const name of LOOKS) made[k].setAttribute(name, looks.getPropertyValue(name));
    for (const name of ["class", "style", "tabindex", "role"]) made[k].removeAttribute(name);
  }
  for (const each of left) each.remove();
  return copy;
}

// The sentence in lines of pieces, each with its words and the color of the strategy that it names.
function wrap(words, width, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [[]];
  let used = 0;
  let before = " ";
  for (const node of words.childNodes) {
    const ink = node.nodeType === Node.ELEMENT_NODE ? getComputedStyle(node).color : "";
    for (const word of node.textContent.split(/(?<= )/)) {
      const wide = pen.measureText(word).width * (ink ? 1.06 : 1); // bold letters are wider
      if (used + wide > width && used && before.endsWith(" ")) {
        lines.push([]);
        used = 0;
      }
      lines[lines.length - 1].push({ words: word, ink });
      used += wide;
      before = word;
    }
  }
  return lines;
}

// The page's own fonts of this family, with their letters in the text, so that they go along.
async function fontFaces(family) {
  const name = family.split(",")[0].replace(/["']/g, "").trim();
  const rules = [...document.styleSheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules];
    } catch {
      return []; // of another origin
    }
  });
  const faces = rules.filter((rule) => rule instanceof CSSFontFaceRule && rule.style.fontFamily.replace(/["']/g, "") === name && rule.style.fontStyle !== "italic");
  const written = await Promise.all(
    faces.map(async (rule) => {
      const [, address] = /url\("?(.+?)"?\)/.exec(rule.style.src) ?? [];
      if (!address) return "";
      const bytes = await (await fetch(new URL(address, rule.parentStyleSheet.href ?? location.href))).blob();
      return rule.cssText.replace(/url\(.+?\)/, `url(${await dataOf(bytes)})`);
    }),
  );
  return written.join("\n");
}

function dataOf(bytes) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(bytes);
  });
}

function opaque(color) {
  return /rgba\(.+, 0\)|transparent/.test(color) ? null : color;
}

function element(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const name in attributes) if (name !== "xmlns") made.setAttribute(name, attributes[name]);
  return made;
}
