"""What to type: the code that clips the gradients of a real model."""

from typing import assert_never

from core.clipping import Clipper, Rule
from core.notation import write_number
from core.strategies import Strategy


def pytorch(clipper: Clipper) -> str:
    """Write the lines of PyTorch (2.6 or later) that clip the gradients of ``model``.

    They stand between ``loss.backward()`` and ``optimizer.step()``; under mixed precision, after
    ``scaler.unscale_(optimizer)``. A layer is a tensor there, one of ``model.parameters()``.
    Parameters without a gradient are skipped and zero gradients stay zero. PyTorch adds 1e-6 to
    the norm it divides by, so what ``clip_grad_norm_`` and ``clip_grads_with_norm_`` shorten comes
    out shorter than `clip` has it, by a share below ``1e-6 / threshold``.

    >>> print(pytorch(Clipper(Strategy.GLOBAL, 1.0)))
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
    """
    threshold = write_number(clipper.threshold)
    match clipper.strategy:
        case Strategy.VALUE:
            return _by_value(threshold, clipper.rule)
        case Strategy.LAYER:
            return _per_layer(threshold, clipper.rule)
        case Strategy.GLOBAL:
            return _by_global_norm(threshold, clipper.rule)
        case other:
            assert_never(other)


def refuses(clipper: Clipper) -> str:
    """Say which gradients the lines of `pytorch` do not take, or hide."""
    match clipper.strategy, clipper.rule:
        case Strategy.VALUE, Rule.CLIP:
            return "This line raises where no parameter has a gradient, and for sparse ones."
        case Strategy.VALUE, Rule.RADIAL:
            return "This line raises for a gradient without numbers, and for sparse ones."
        case Strategy.VALUE, Rule.NORMALIZE:
            return "The sign of NaN is 0 in PyTorch: these lines hide it."
        case _:
            return "These lines are for dense gradients, not for sparse ones."


def _by_value(threshold: str, rule: Rule) -> str:
    match rule:
        case Rule.CLIP:
            return f"torch.nn.utils.clip_grad_value_(model.parameters(), clip_value={threshold})"
        case Rule.RADIAL:
            return f"""\
torch.nn.utils.clip_grad_norm_(
    model.parameters(), max_norm={threshold}, norm_type=float("inf")
)"""
        case Rule.NORMALIZE:
            return f"""\
for p in model.parameters():
    if p.grad is not None:
        p.grad.sign_().mul_({threshold})"""
        case other:
            assert_never(other)


def _per_layer(threshold: str, rule: Rule) -> str:
    match rule:
        case Rule.CLIP:
            return f"""\
for p in model.parameters():
    torch.nn.utils.clip_grad_norm_(p, max_norm={threshold})"""
        case Rule.RADIAL:
            return f"""\
norms = [p.grad.norm() for p in model.parameters() if p.grad is not None]
if norms:
    torch.nn.utils.clip_grads_with_norm_(
        model.parameters(), max_norm={threshold}, total_norm=torch.stack(norms).max()
    )"""
        case Rule.NORMALIZE:
            return f"""\
for p in model.parameters():
    if p.grad is not None and (norm := p.grad.norm()) != 0:
        p.grad.div_(norm).mul_({threshold})"""
        case other:
            assert_never(other)


def _by_global_norm(threshold: str, rule: Rule) -> str:
    match rule:
        case Rule.CLIP | Rule.RADIAL:  # one block: they are the same
            return f"torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={threshold})"
        case Rule.NORMALIZE:
            return f"""\
grads = [p.grad for p in model.parameters() if p.grad is not None]
norm = torch.nn.utils.get_total_norm(grads)
if norm != 0:
    for grad in grads:
        grad.div_(norm).mul_({threshold})"""
        case other:
            assert_never(other)
