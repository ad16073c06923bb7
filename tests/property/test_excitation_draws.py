from hypothesis import given
from hypothesis import strategies as st

from sixparty.excitation.compiled_random import negative_binomial_quantile

UNIT = st.floats(1e-9, 1 - 1e-9)
MEANS = st.floats(1e-6, 80.0)
DISPERSIONS = st.floats(0.05, 60.0)


@given(UNIT, UNIT, MEANS, DISPERSIONS)
def test_a_higher_uniform_never_gives_a_lower_count(u, v, mean, dispersion):
    low, high = sorted((u, v))
    assert negative_binomial_quantile(low, mean, dispersion) <= negative_binomial_quantile(high, mean, dispersion)


@given(UNIT, MEANS, MEANS, DISPERSIONS)
def test_a_higher_rate_never_gives_a_lower_count(u, one, other, dispersion):
    low, high = sorted((one, other))
    assert negative_binomial_quantile(u, low, dispersion) <= negative_binomial_quantile(u, high, dispersion)
