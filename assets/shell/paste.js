// What is pasted into the gradient keeps its lines; a field of one line would lose their ends.

addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text").trim();
  // The label is that of GRADIENT in pages/widgets/vector/settings.py.
  if (event.target.getAttribute?.("aria-label") !== "Gradient" || !/[\r\n]/.test(text)) return;
  event.preventDefault();
  const lines = text.split(/\s*[\r\n]+\s*/);
  const layered = lines.some((line) => /[,;\s]/.test(line.replace(/[,;\s]+$/, "")));
  // Lists and bars tell their layers themselves, and a column is one layer.
  const joined = /[[(|]/.test(text) ? lines.join(" ") : lines.map((line) => line.replace(/,$/, "")).join(layered ? " | " : ", ");
  document.execCommand("insertText", false, joined);
}, true);
