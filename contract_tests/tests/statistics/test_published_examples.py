"""Worked examples from the literature, to the digits that are printed there."""

import pytest
from bluejay_results.judging.statistics import (
    mcnemar,
    newcombe,
    normal_quantile,
    t_quantile,
    wilson,
)


@pytest.mark.parametrize(
    ("passed", "count", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_reproduces_a_published_example(passed: int, count: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    found = wilson(passed / count, count, normal_quantile(0.95))
    assert round(found.low, 4) == low
    assert round(found.high, 4) == high


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), 2635-2650, method 10.
        ((36, 12, 2, 0), 0.0569, 0.3404),
        # Cavo et al. 2012, in M. W. Fagerland, S. Lydersen and P. Laake, Statistical Analysis of Contingency
        # Tables (2017), chapter 8; printed by the authors' R package `contingencytables`.
        ((59, 6, 16, 80), -0.1186, -0.0046),
    ],
)
def test_newcombe_reproduces_a_published_example(
    cells: tuple[int, int, int, int], low: float, high: float
) -> None:
    found = newcombe(*cells, 0.95)
    assert round(found.low, 4) == low
    assert round(found.high, 4) == high


@pytest.mark.parametrize(
    ("one_way", "other_way", "p"),
    [
        # Bentur et al. 2009, in M. W. Fagerland, S. Lydersen and P. Laake, BMC Medical Research Methodology
        # 13 (2013), 91: airway hyper-responsiveness before and after stem cell transplantation.
        (1, 7, 0.0703),
        # Stata's manual, `mcci 172 7 6 15`: exact McNemar significance probability.
        (7, 6, 1.0),
    ],
)
def test_exact_mcnemar_reproduces_a_published_example(one_way: int, other_way: int, p: float) -> None:
    assert round(mcnemar(one_way, other_way), 4) == p


@pytest.mark.parametrize(
    ("freedom", "printed"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (30, 2.042)]
)
def test_student_t_reproduces_a_published_example(freedom: int, printed: float) -> None:
    """The usual table, two-sided 95 %: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2."""
    assert round(t_quantile(0.95, freedom), 3) == printed
