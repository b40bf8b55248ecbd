// Copies the address, which holds everything that the reader has set.

const SAID_FOR = 2500; // ms
const ANSWER = 300; // ms: what was changed a moment ago must be in the address first

export default function ({ parentElement }) {
  const button = parentElement.querySelector(".copy");
  const said = parentElement.querySelector(".said");
  button.onclick = async () => {
    await new Promise((done) => setTimeout(done, ANSWER));
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Copied";
      setTimeout(() => (said.textContent = ""), SAID_FOR);
    } catch {
      // Without https the browser keeps the clipboard to itself: show the link, selected.
      const field = document.createElement("input");
      Object.assign(field, { value: location.href, readOnly: true, ariaLabel: "Link to copy" });
      said.replaceChildren(field);
      field.select();
    }
  };
}
