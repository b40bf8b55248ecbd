"""The frameworks, in the order in which they are shown: to add one, write its file and name it."""

from core.frameworks.accelerate import ACCELERATE
from core.frameworks.deepspeed import DEEPSPEED
from core.frameworks.entries import Framework, Setting
from core.frameworks.keras import KERAS
from core.frameworks.lightning import LIGHTNING
from core.frameworks.optax import OPTAX
from core.frameworks.pytorch import PYTORCH
from core.frameworks.tensorflow import TENSORFLOW
from core.frameworks.torchtitan import TORCHTITAN
from core.frameworks.transformers import TRANSFORMERS

FRAMEWORKS: dict[str, Framework] = {
    each.name: each for each in (PYTORCH, TENSORFLOW, KERAS, OPTAX, LIGHTNING, TRANSFORMERS)
}
SETTINGS: dict[str, Setting] = {each.name: each for each in (DEEPSPEED, TORCHTITAN, ACCELERATE)}
