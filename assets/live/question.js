// Asking first: what gives the answer away is hidden until the reader has answered.

import { setText } from "./draw.js";

// Whether Python wants the stage to ask is `view.ask`. A question is particular in
// `about(view)`, a text: when Python sends another picture than this, it is asked anew;
// `words(view)`, the question, or nothing where there is nothing to ask;
// `build(place, answer)`, which makes the controls, to call `answer` when the reader has answered,
// and returns what draws them; and `verdict(view)`, which says how good the answer was, or nothing.
export function createQuestion(stage, { about, words, build, verdict }) {
  const readouts = stage.find("readouts");
  let ask = false; // as Python said it last
  let [open, answered, toFocus] = [false, false, false];
  let parts = null; // of the page: none before the first question

  // What Python sends is about to be shown in place of what is seen.
  function adopt(sent) {
    if (sent.ask !== ask || about(sent) !== about(stage.view)) [open, answered] = [sent.ask, false];
    ask = sent.ask;
  }

  function isAsking() {
    return Boolean(open && words(stage.view));
  }

  function answer() {
    [open, answered, toFocus] = [false, true, true];
    stage.paint();
  }

  function make() {
    const [place, legend, question, told] = ["fieldset", "legend", "h2", "p"].map((tag) => document.createElement(tag));
    place.className = "question";
    told.className = "verdict";
    told.tabIndex = -1; // so that the focus does not get lost with the control that had it
    legend.append(question);
    place.append(legend);
    readouts.prepend(place, told);
    return { place, question, told, draw: build(place, answer) };
  }

  function draw() {
    if (!ask && !parts) return;
    parts ??= make();
    const { place, question, told } = parts;
    const asking = isAsking();
    readouts.parentElement.classList.toggle("asking", asking);
    place.hidden = !asking;
    const said = answered ? verdict(stage.view) : "";
    told.hidden = !said;
    if (asking) setText(question, words(stage.view));
    if (asking) parts.draw();
    if (said) setText(told, said);
    if (toFocus) told.focus();
    toFocus = false;
  }

  // What is said of the picture: while asking the question, else what `otherwise` says.
  function speech(otherwise) {
    return isAsking() ? [{ text: words(stage.view) }] : otherwise(stage.view);
  }

  return { adopt, draw, isAsking, speech };
}
