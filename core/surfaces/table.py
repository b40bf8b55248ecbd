"""The surfaces. To add one, add it here: menus, maps and tests follow."""

from core.surfaces import cliff
from core.surfaces.surface import Field, Surface, formula, square

SURFACES: dict[str, Surface] = {
    "round bowl": Surface(
        "The straight way is the shortest: clipping by norm keeps to it, by value it bends.",
        formula("(x^2 + y^2)/2"),
        square(4),
        start=(3, 1),
        minima=((0, 0),),
    ),
    "long bowl": Surface(
        "One direction is a hundred times steeper, and whether an axis lies along it decides what "
        "clipping by value does.",
        formula("(x^2 + 100*y^2)/2"),
        square(12),
        start=(10, 1),
        minima=((0, 0),),
    ),
    "ridge": Surface(
        "The steep part hides the slow one: clipping by value frees it on an axis, and freezes it "
        "for ever on the diagonal.",
        formula("1000*abs(x) + y^2/2"),
        square(1.5),
        start=(0.0123, 1),
        minima=((0, 0),),
        slow=(0, 1),
    ),
    "recurrent cliff": Surface(
        "Fifty steps through one neuron make a wall, and its gradient throws the run far away "
        "unless it is clipped.",
        lambda: Field(cliff.evaluate, cliff.latex, cliff.JAVASCRIPT),
        square(2, (5, -2.4)),
        start=(5.5, -2.5),
        minima=((3.5, -1.602702114673407),),  # one of a curve
    ),
    "Rosenbrock": Surface(
        "A bent valley: steep walls, and a floor so flat that the way along it takes almost all of "
        "the steps.",
        formula("(1 - x)^2 + 100*(x^2 - y)^2"),
        square(2.25, (0, 1)),
        start=(-1.2, 1),
        minima=((1, 1),),
    ),
    "Beale": Surface(
        "The gradient is 15,814 long at the start and below one in the valley: without clipping, "
        "no learning rate suits both.",
        formula("(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2"),
        square(4.5),
        start=(-3, -3),
        minima=((3, 0.5),),
    ),
    "Himmelblau": Surface(
        "Four minima of the same height: a turned gradient can end in another one.",
        formula("(x^2 + y - 11)^2 + (x + y^2 - 7)^2"),
        square(6),
        start=(-0.5, -1),
        minima=(
            (3, 2),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.2831859912861696),
            (3.5844283403304917, -1.8481265269644036),
        ),
    ),
    "saddle": Surface(
        "The way out starts with a tiny slope: shortening the rest does not help it, normalizing "
        "each coordinate does.",
        formula("x^2/2 - y^2/2 + y^4/4"),
        square(3),
        start=(2, 1e-6),
        minima=((0, 1), (0, -1)),
    ),
    "plateau": Surface(
        "Where the gradient is tiny, clipping has nothing to shorten; only normalizing gets away.",
        formula("1 - exp(-(x^2 + y^2)/2)"),
        square(5),
        start=(4, 1),
        minima=((0, 0),),
    ),
    "two kinks": Surface(
        "The slope never fades, so a fixed learning rate circles the minimum for ever, clipped or "
        "not.",
        formula("abs(x) + 10*abs(y)"),
        square(3),
        start=(2.5, 1),
        minima=((0, 0),),
    ),
    "fourth power": Surface(
        "Far out it is ever steeper: what is safe there is far too slow near the minimum, and "
        "clipping is safe at any distance.",
        formula("x^4 + y^2/2"),
        square(12),
        start=(10, 4),
        minima=((0, 0),),
    ),
    "two chains": Surface(
        "It grows exponentially, so no one learning rate is safe everywhere, but a clipped one is.",
        formula("cosh(x) + cosh(y)"),
        square(8),
        start=(6, 2),
        minima=((0, 0),),
    ),
    "two scales": Surface(
        "One coordinate feels slopes 65,536 times larger than the other: a length cannot serve "
        "both, a clip value per coordinate can.",
        formula("(4*x)^4/4 + (y/4)^4/4"),
        square(4),
        start=(2, 2),
        minima=((0, 0),),
    ),
}
