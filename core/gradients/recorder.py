"""Code that records gradients and their norms in a training, in files that the page reads.

Where it is called: after unscaling and before clipping, once a step of the optimizer.

- Lightning 2: `Precision._after_closure` calls `on_before_optimizer_step` and then clips;
  `MixedPrecision.optimizer_step` unscales before both.
- Transformers: `Trainer` unscales and clips between `training_step` and `on_pre_optimizer_step`, so
  no callback sees a gradient before clipping. Unscaling twice is an error, so `record` divides.
"""

from dataclasses import dataclass

NORMS, GRADIENTS = "norms.csv", "gradients.safetensors"  # the files that are written
SHARED = f"""\
import math
from pathlib import Path
import torch
from safetensors.torch import save_file

STEPS = {{0, 10, 100, 1000}}  # whose gradients are recorded; norms are of all steps
LONG = math.inf  # and gradients of steps whose norm is above this
recorded = {{}}
Path("{NORMS}").write_text("step,grad_norm\\n")


def record(model, step, scale=1.0):
    found = {{n: p.grad.detach() for n, p in model.named_parameters() if p.grad is not None}}
    norm = math.hypot(*(grad.float().norm().item() for grad in found.values())) / scale
    with open("{NORMS}", "a") as log:
        log.write(f"{{step}},{{norm}}\\n")
    if step in STEPS or norm > LONG:
        for name, grad in found.items():
            copy = grad.to("cpu", torch.float32, copy=True).contiguous()
            recorded[f"{{step}}/{{name}}"] = copy / scale
        save_file(recorded, "{GRADIENTS}")
"""
ONE_PROCESS = (
    "In a training of several processes, let only the first record; gradients that are split among "
    "processes, as by FSDP or ZeRO, are not whole there."
)


@dataclass(frozen=True)
class Recorder:
    """How a framework records: where it calls what all share."""

    label: str
    call: str  # lines of code
    note: str  # when they are right

    @property
    def code(self) -> str:
        """Return all lines: what is shared, and where it is called."""
        return f"{SHARED}\n{self.call}"


RECORDERS: dict[str, Recorder] = {
    "pytorch": Recorder(
        "PyTorch",
        """\
for step, (inputs, targets) in enumerate(loader):
    optimizer.zero_grad()
    loss_function(model(inputs), targets).backward()
    record(model, step)  # before clipping
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
""",
        f"One line between backward and clipping. {ONE_PROCESS}",
    ),
    "mixed precision": Recorder(
        "PyTorch, mixed precision",
        """\
scaler = torch.amp.GradScaler(device)
for step, (inputs, targets) in enumerate(loader):
    optimizer.zero_grad()
    with torch.autocast(device, torch.float16):
        loss = loss_function(model(inputs), targets)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    record(model, step)  # after unscaling, before clipping
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    scaler.step(optimizer)
    scaler.update()
""",
        "Before unscaling, norms would be multiplied by the loss scale. Infinite and NaN norms are "
        f"those of steps that the scaler skips. {ONE_PROCESS}",
    ),
    "accumulation": Recorder(
        "PyTorch, accumulated gradients",
        """\
for i, (inputs, targets) in enumerate(loader):
    (loss_function(model(inputs), targets) / batches).backward()
    if (i + 1) % batches == 0:
        record(model, i // batches)  # the whole sum, once a step
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        optimizer.zero_grad()
""",
        f"Once a step of the optimizer, not once a batch. {ONE_PROCESS}",
    ),
    "lightning": Recorder(
        "Lightning",
        """\
import lightning

class RecordGradients(lightning.Callback):
    def on_before_optimizer_step(self, trainer, module, optimizer):
        record(module, trainer.global_step)

trainer.callbacks.append(RecordGradients())
trainer.fit(module, loader)
""",
        "Since Lightning 2.0: the hook runs after unscaling and before clipping, once a step of "
        "the optimizer. With several optimizers it runs for each; optimizers that unscale by "
        'themselves, as fused ones do under "16-mixed", leave the loss scale in. '
        f"{ONE_PROCESS}",
    ),
    "transformers": Recorder(
        "Transformers",
        """\
import transformers

class RecordingTrainer(transformers.Trainer):
    def training_step(self, model, *args, **kwargs):
        loss = super().training_step(model, *args, **kwargs)
        if self.accelerator.sync_gradients:  # the last batch of a step
            scaler = getattr(self.accelerator, "scaler", None)
            record(self.model, self.state.global_step, scaler.get_scale() if scaler else 1.0)
        return loss

trainer = RecordingTrainer(model, training_arguments, train_dataset=data)
trainer.train()
""",
        "Since Transformers 4.46: the callback on_pre_optimizer_step runs after clipping, so the "
        "gradients are taken at the end of training_step, and divided by the loss scale under "
        "fp16. The grad_norm that the Trainer itself logs is before clipping, too. "
        f"{ONE_PROCESS}",
    ),
}
