// One of a few, as a group of radio buttons.

// The field bears the name of what is chosen; `labels` says what the options are called.
export function createChoice(field, stage, labels) {
  const { name } = field;
  const buttons = Object.entries(labels).map(([value, text]) => {
    const label = document.createElement("label");
    const button = document.createElement("input");
    Object.assign(button, { type: "radio", name, value });
    button.addEventListener("change", () => {
      stage.change({ [name]: value });
      stage.settle(); // the arrow keys go through them
    });
    label.append(button, text);
    field.append(label);
    return button;
  });

  function draw() {
    for (const button of buttons) button.checked = button.value === stage.view[name];
  }

  return { draw };
}
