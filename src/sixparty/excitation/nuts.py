"""The reference fit by NUTS; JAX is imported when it is first asked for."""

from __future__ import annotations

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation.data import MarkData
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.priors import MarkPriors, default_priors
from sixparty.excitation.structure import MarkStructure


def nuts_reference(
    key: Key,
    data: MarkData,
    *,
    structure: MarkStructure,
    priors: MarkPriors | None = None,
    chains: int = 2,
    warmup: int = 500,
    draws: int = 500,
    keep: int | None = None,
) -> MarkFit:
    """Fit one mark by NUTS, with a second implementation of the filter.

    Parameters
    ----------
    warmup, draws
        For each chain.
    keep
        Draws to return, evenly spaced over the joined chains; all of them if None.

    Raises
    ------
    ModelRefused
        If R-hat is above 1.01, a parameter has fewer than 400 effective draws, or a transition diverges.
    """
    from sixparty.excitation.jax_model import sample_mark

    fit = sample_mark(
        key,
        data,
        structure=structure,
        priors=priors or default_priors(structure),
        chains=chains,
        warmup=warmup,
        draws=draws,
        keep=keep,
    )
    if not fit.diagnosis.is_accepted:
        raise ModelRefused(fit.diagnosis.advice)
    return fit
