"""The answers, in the order in which they lead from the question to a decision.

One entry says all of an answer: that makes this file long.
"""

from core.answers import adam, paths, turning
from core.answers.answer import Answer, Gradient, Paths, Steepest, Verdict
from core.answers.references import cite
from core.strategies import Strategy

FEW_LINES = "Follows in a few lines"

ANSWERS: dict[str, Answer] = {
    "direction": Answer(
        "Clipping does not change the direction.",
        Verdict.FALSE,
        "Clip by global norm keeps it. Clip by value and per layer turn it.",
        "Clip by global norm multiplies all numbers by one factor. Clip by value cuts each number "
        "off alone, so the large ones lose a larger share than the small ones. {gradient} "
        "at threshold 1 turns by **{turned}**. Two numbers turn by less than {two}, three by less "
        "than {three}, n by less than arccos(1/√n): a hundred by less than {hundred}. No gradient "
        "reaches these bounds; one huge number beside others at the threshold comes near.",
        turning.direction,
        Gradient(turning.LONG),
        f"{FEW_LINES} from the inequality of Cauchy and Schwarz.",
    ),
    "sign": Answer(
        "It does not change the sign.",
        Verdict.TRUE,
        "And that says little.",
        "A number that is cut off at plus or minus the threshold keeps its sign. So a clipped "
        "gradient stays in its orthant, the part of space where all signs are the same. But an "
        "orthant is wide: here {kept} numbers keep their signs, and the gradient turns by "
        "**{turned}**. Six numbers could turn by anything below {most}.",
        turning.signs,
        Gradient(turning.SIGNS, bars=True),
        f"{FEW_LINES}.",
    ),
    "steepest": Answer(
        "So the step is not the steepest.",
        Verdict.DEPENDS,
        "Steepest per what length? There is no steepest direction without a norm.",
        "Among all steps of the same *Euclidean* length, minus the gradient lowers the linear "
        "model of the loss most: by {l2} per unit for {gradient}. Among all steps whose *largest "
        "number* is the same, minus the sign of the gradient does: by {most} per unit. Both are "
        "steepest descent, each in its norm; they point {sign} apart. Clip by value lies between: "
        "inside its box it is the plain step, and with a small threshold it is the sign. At "
        "threshold {threshold} it turns by {clipped}. That a step is not the steepest in one norm "
        "is no argument by itself.",
        turning.norms,
        Steepest(turning.DOWNHILL),
        cite("Boyd"),
    ),
    "descent": Answer(
        "If it is not the steepest, it may not go down at all.",
        Verdict.FALSE,
        "Every clipped step points downhill: the angle is always below 90°. If it is short enough, "
        "it goes down.",
        "The cosine of the angle is at least the share of the length that is kept: for {gradient} "
        "it is {cosine} at {turned}, and {kept} is kept. So the turn can only be large where the "
        "step is short. On a loss whose slope changes by at most L per unit of way, a step of "
        "learning rate r below 2/L with the clipped gradient u lowers the loss by at least r(1 − "
        "Lr/2)|u|². On the bowl of the picture it falls in {steps} steps, each time by at least "
        "{least} times as much as that. (A gradient of a part of the data points downhill for that "
        "part.)",
        paths.descends,
        Paths((paths.BOWL,)),
        f"{FEW_LINES}: clipping is the projection on a box or a ball around 0, and projections are "
        "firmly nonexpansive.",
    ),
    "progress": Answer(
        "It ensures progress along the directions that do not dominate.",
        Verdict.DEPENDS,
        "On an axis it leaves the slow directions their steps; across the axes it takes them away.",
        "One ridge, twice, with threshold {threshold} and learning rate {rate}. On the left its "
        "steep direction is a coordinate. Without clipping the slow one is done after {plain} "
        "steps, but they leap {leap} to and fro across the ridge. Clip by value cuts the leaps to "
        "{small} and leaves the slow coordinate alone: **{steps}** steps. By global norm shortens "
        "both by one factor, and {norm} of the slow way is left after {total}. On the right the "
        "same ridge is turned by {degrees}: now by value both numbers are cut to the same size in "
        "every step, each step goes along the other diagonal, and {diagonal} of the slow way is "
        "left after {total}, as it would be after any number. By global norm nothing has changed "
        "({diagonal_norm}). The basis decides. (The losses tell nothing of it: all runs leap to "
        "and fro.)",
        paths.ridges,
        Paths((paths.ON_AXIS, paths.ON_DIAGONAL)),
        "Both are exhibits of the page on the path, where more of their numbers can be measured.",
    ),
    "normalize": Answer(
        "Then one should normalize instead.",
        Verdict.DEPENDS,
        "Clipping acts above the threshold, normalizing always.",
        "Near a minimum the gradient fades, and with it the steps; normalized, they stay as long "
        "as ever. On the left, clipped by global norm, the run ends *{clipped}* (loss "
        "{clipped_loss}); on the right, normalized, in a *{normalized}* (loss {normalized_loss}), "
        "unless the learning rate falls. On a plateau it is the other way round: there is nothing "
        "to clip, the loss is {plateau} after {steps} steps as before, while normalizing gets "
        "away, down to {away}.",
        paths.normalizing,
        Paths((paths.BOWL, paths.NORMALIZED_BOWL)),
        "The plateau: exhibits “Plateau” and “Plateau, normalized” of the page on the path.",
    ),
    "layers": Answer(
        "Clipping layer by layer keeps the direction.",
        Verdict.FALSE,
        "Of every layer, not of the whole.",
        "Each layer has a factor of its own, so no layer turns ({each}), and the whole does: by "
        "**{turned}** for the gradient of the picture, by value by {value}. Its angle is that of "
        "clip by value of the lengths of the layers: with two layers and one threshold below "
        "{most}, with L layers below arccos(1/√L).",
        turning.layers,
        Gradient(turning.LAYERED, tuple(Strategy)),
        f"{FEW_LINES}.",
    ),
    "alike": Answer(
        "By value and by norm behave alike in practice.",
        Verdict.DEPENDS,
        "On smooth, tuned problems nearly; on a cliff it hangs on the threshold.",
        "On the long bowl, turned seven ways, by norm takes {norm} steps to a loss of {goal} and "
        "by value {value}: up to {apart} fewer. On the cliff of a recurrent network, with "
        "threshold {threshold} by value and the one of the same longest step by norm, at learning "
        "rate {rate}, by norm is over it after {over} steps. By value the gradient on the wall is "
        "turned along the wall: the run ends in a *{end}*, at a loss of {stuck} after {steps}. At "
        "threshold {loose} by value gets over, too (loss {loosely}).",
        paths.alike,
        Paths((paths.CLIFF,)),
        f"The claim: {cite('Pascanu', 'Goodfellow')}. The cliff is from the first. The one direct "
        f"comparison at scale that we know, {cite('Orvieto')}, table 1: a language model of 160M "
        f"weights under SGD has a perplexity of 53.6 without clipping, 37.8 by global norm and "
        f"33.4 by value (Adam: 21.9).",
    ),
    "slower": Answer(
        "Training gets slower, because steps get shorter.",
        Verdict.DEPENDS,
        "At one learning rate, while it acts. But clipping is what makes that rate possible.",
        "Down x⁴ from 10, a learning rate of {rate} throws the run without clipping out of the "
        "finite numbers in step {left}; the largest that does not is {stable}. Just below, at "
        "{plain}, it takes {without} steps to a loss of {goal}. Clipped by norm at 1, {rate} is "
        "safe and takes {with}, in {share} of which clipping acts.",
        paths.slower,
        Paths((paths.POWER,)),
        cite("Zhang"),
    ),
    "tails": Answer(
        "Heavy tails need it.",
        Verdict.DEPENDS,
        "Against outliers in single coordinates by value is best, against outliers of a whole "
        "batch both are good, and against Gaussian noise the best threshold never acts.",
        "Loss on a round bowl of 50 dimensions without clipping, by norm, by value, with learning "
        "rate and threshold tuned for each (median of {seeds} seeds): Gaussian noise {none_plain}, "
        "{none_norm}, {none_value}; every coordinate heavy-tailed {heavy_plain}, {heavy_norm}, "
        "{heavy_value}; spikes in single coordinates {coordinate_plain}, {coordinate_norm}, "
        "{coordinate_value}; spikes of the whole batch {batch_plain}, {batch_norm}, {batch_value}. "
        "One wild coordinate costs the others their step by norm, and the more coordinates there "
        "are, the oftener. (For strongly convex losses and a bound on the moments of each "
        "coordinate, the source proves that: the guarantee by norm gets worse with the dimension, "
        "by value it follows the noise of the coordinates.) The picture has two coordinates and "
        "one seed: there luck decides.",
        paths.tails,
        Paths((paths.HEAVY,)),
        cite("Attention"),
    ),
    "bias": Answer(
        "It only removes outliers, so it is free of bias.",
        Verdict.DEPENDS,
        "Symmetric noise leaves the minimum where it is; lopsided noise moves it.",
        "Samples at −3, −3 and 9, the loss half the mean square of the distance to them: its "
        "minimum is their mean, 1. If the gradient of each sample is clipped at 4, descent ends at "
        "**{tight}**: the two that agree outvote the one that is cut. At 20, where nothing is cut "
        "in the end, it ends at {wide}, as without clipping ({plain}). As the threshold falls, the "
        "end slides, for such losses, from the mean to the median of every coordinate (by value) "
        "or to the geometric median (by norm).",
        paths.bias,
        Paths((paths.SAMPLES,)),
        cite("Chen", "Koloskova"),
    ),
    "parts": Answer(
        "Clip every part, or their sum: it is the same.",
        Verdict.FALSE,
        "For micro-batches, ranks of a cluster, or samples (in private learning) it is another "
        "operation.",
        "Parts (2, 0) and then (0, 2), clipped by norm at 1 after each: the result lies **{running}"
        "** from the clipped sum. Samples (10, 0) and (0, 1), each clipped by norm at 1, add up to "
        "{sum}, {samples} from their clipped sum, and just where clip by value of the sum points: "
        "{value}. By norm keeps the direction of what it is given, not of what that is part of.",
        turning.parts,
        Gradient(turning.LONG),
        f"{FEW_LINES}. Private learning clips every sample on purpose: {cite('Abadi')}.",
    ),
    "adam": Answer(
        "Adam makes it pointless.",
        Verdict.DEPENDS,
        "A factor that stays the same cancels. What differs from step to step does not.",
        "Adam divides every number by its usual size. Gradients {longer} times shorter at every "
        "step change its steps by {change} at most (as a share); a constant factor for one number "
        "alone cancels likewise. But under heavy-tailed noise around {mean}, clipping at 1 turns "
        "Adam's steps by {value} (by value) or {norm} (by norm; median of {seeds} seeds), because "
        "the factor differs from step to step. And one gradient that is {longer} times too long "
        "makes the step {later} steps later {spiked} times as long as it would be; clipped by norm "
        "at the median length, {clipped} times.",
        adam.under_adam,
        Gradient(turning.LONG),
        cite("Kingma"),
    ),
    "trial": Answer(
        "Which one to take is a matter of trial and error.",
        Verdict.DEPENDS,
        "Look first at which numbers are large: that narrows it down.",
        "Single numbers: by value. Whole layers: per layer. All of it at once, or across the axes: "
        "by global norm. A trial of clip by value does not carry over to other axes: on the ridge "
        "above, the same threshold and learning rate take {steps} steps, or leave {diagonal} of "
        "the way for ever. One of clip by norm does ({norm} and {diagonal_norm} after {total}). "
        "How large the threshold should be still has to be tried. Four questions below lead to a "
        "strategy.",
        paths.ridges,
        Gradient(turning.LAYERED, tuple(Strategy)),
        "What is large, and whether it diverges, leads to the strategy: each of these ends is "
        "borne out by an experiment.",
    ),
}
