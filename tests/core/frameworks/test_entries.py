import numpy as np

from core.frameworks.entries import SparseRows


def test_rows_that_come_twice_are_added_and_the_others_are_zero():
    rows = SparseRows((2, 0, 2), np.array([[1.0, 2.0], [5.0, 6.0], [10.0, 20.0]]), 4)
    assert rows.to_dense().tolist() == [[5, 6], [0, 0], [11, 22], [0, 0]]
