// Ways to share what is seen: the address, which holds everything that the reader has set, the code that
// embeds it, and the picture.

import { pictureOf, pngOf } from "../live/picture.js";

const SAID_FOR = 2500; // ms
const ANSWER = 300; // ms: what was changed a moment ago must be in the address first
const SHARP = 3; // pixels of a PNG for each on the page

export default function ({ parentElement, data }) {
  const { card = "", title = "", embeds = false } = data ?? {};
  const root = parentElement.querySelector(".ways");
  const said = parentElement.querySelector(".said");
  const button = (name) => root.querySelector(`.${name}`);
  let telling = 0;
  button("embed").hidden = !embeds;
  for (const name of ["svg", "png"]) button(name).hidden = !card;

  button("link").onclick = () => copy(() => location.href, "Link to copy");
  button("embed").onclick = () => copy(code, "Code to copy");
  button("svg").onclick = () => save("svg", async (text) => new Blob([text], { type: "image/svg+xml" }));
  button("png").onclick = () => save("png", (text) => pngOf(text, SHARP));

  async function copy(write, label) {
    await new Promise((done) => setTimeout(done, ANSWER));
    try {
      await navigator.clipboard.writeText(write());
      tell("Copied");
    } catch {
      // Without https the browser keeps the clipboard to itself: show it, selected.
      const field = document.createElement("input");
      Object.assign(field, { value: write(), readOnly: true, ariaLabel: label });
      clearTimeout(telling);
      said.replaceChildren(field);
      field.select();
    }
  }

  function code() {
    const address = new URL(`card/${card}${location.search}`, new URL("./", location.href));
    const escaped = String(address).replace(/&/g, "&amp;");
    return `<iframe src="${escaped}" title="${title}" width="600" height="450" style="border: 0; max-width: 100%"></iframe>`;
  }

  async function save(ending, make) {
    const file = await make(await pictureOf(stages()[0]));
    const link = document.createElement("a");
    Object.assign(link, { href: URL.createObjectURL(file), download: `clipscope.${ending}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SAID_FOR);
    tell("Saved");
  }

  function tell(words) {
    said.textContent = words;
    clearTimeout(telling);
    telling = setTimeout(() => (said.textContent = ""), SAID_FOR);
  }
}

// Every stage lies in a shadow of its own.
function stages() {
  const shadows = [...document.querySelectorAll("*")].map((element) => element.shadowRoot);
  return shadows.flatMap((shadow) => [...(shadow?.querySelectorAll(".stage") ?? [])]);
}
