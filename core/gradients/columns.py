"""The columns of a log that matter, gathered record by record in little memory."""

from array import array
from dataclasses import dataclass, field

import numpy as np

from core.gradients.fields import Kind, judged
from core.strategies import Array

MOST_COLUMNS = 2000
DEPTH = 5  # of records in records


@dataclass
class Column:
    """Values of one field, and in which records they stand."""

    kind: Kind
    sure: int
    rows: "array[int]" = field(default_factory=lambda: array("i"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def put(self, record: int, value: object) -> None:
        """Take the value of a record, if it is a number."""
        number = value if type(value) is float else number_of(value)
        if number is not None:
            self.rows.append(record)
            self.values.append(number)

    @property
    def numbers(self) -> Array:
        """The values, float64."""
        return np.frombuffer(self.values, np.float64) if self.values else np.empty(0)

    @property
    def records(self) -> Array:
        """The numbers of their records, int32."""
        return np.frombuffer(self.rows, np.intc) if self.rows else np.empty(0, np.intc)


@dataclass
class Log:
    """What was found in a log, before a field is chosen."""

    format: str
    columns: dict[str, Column] = field(default_factory=dict)
    records: int = 0
    warnings: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # of all fields, the first few thousand
    others: tuple[str, ...] = ()  # further fields of norms, which were not gathered
    _known: dict[str, Column | None] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """Return the column of a field, a new one where it matters, None where it does not."""
        kind, sure = judged(name)
        if len(self.names) < MOST_COLUMNS:
            self.names.add(name)
        if name in self.columns or kind < Kind.SCALE or len(self.columns) >= MOST_COLUMNS:
            return self.columns.get(name)
        return self.columns.setdefault(name, Column(kind, sure))

    def add(self, record: dict[str, object], prefix: str = "", depth: int = DEPTH) -> None:
        """Take the fields of one record, and of the records in it; count it by ``records``."""
        for key, value in record.items():
            name = f"{prefix}{key}"
            if type(value) is dict:
                if depth:
                    self.add(value, f"{name}/", depth - 1)
                continue
            if name not in self._known:
                if len(self._known) >= MOST_COLUMNS:
                    continue
                self._known[name] = self.column(name)
            column = self._known[name]
            if column is not None:
                column.put(self.records, value)


def number_of(value: object) -> float | None:
    """Return the number that a cell holds; None where it holds none.

    >>> number_of("-inf"), number_of(True), number_of("1_0"), number_of(10**400)
    (-inf, None, None, inf)
    """
    if type(value) is str:
        if len(value) > 400 or "_" in value:
            return None
        try:
            return float(value)
        except ValueError:
            return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return np.inf
    return None
