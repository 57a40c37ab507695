"""Ridge regressions from likes to likes, in closed form: EASE and the next likes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from recsys.models.factors import Floats

Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

_PEOPLE_AT_ONCE = 2_000
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Following:
    """The parameters of a regression from earlier likes to later ones.

    Attributes
    ----------
    decay : float
        The number of likes over which the weight of a like falls to 1/e.
    ahead : int
        How many of the next likes are predicted.
    moments : int
        At how many evenly spaced points a history is split into before and after.
    """

    decay: float
    ahead: int
    moments: int


def ease(
    histories: list[Ints], n: int, ridge: float, dropout: float = 0.0, activity: float = 0.0
) -> Floats:
    """Return EASE's weights, each film predicted from all others (Steck 2019).

    Parameters
    ----------
    histories : list of int64 array
        Each person's likes, as indices from 0 to n - 1.
    n : int
        The number of films.
    ridge : float
        As for `edlae`.
    dropout : float
        As for `edlae`.
    activity : float
        A person with m likes counts m ** activity times.

    Returns
    -------
    float32 array (n, n)
        From row to column, zeros on the diagonal.
    """
    return edlae(_scaled(likes_matrix(histories, n), activity), dropout, ridge)


def edlae(likes: sparse.csr_array, dropout: float, ridge: float) -> Floats:
    """Return EDLAE's weights, from row to column.

    Linear regression of each film on the others, where `dropout` is the share of likes that are
    left out at random of what it predicts from. Its expectation is a ridge that grows with a film's
    likes, so nothing is drawn:

        B = I − C · diag(1 / diag(C)),  C = (G + P)⁻¹,  P = p / (1 − p) · diag(G) + ridge · I

    with G = XᵀX (Steck 2020, "Autoencoders that don't overfit towards the identity",
    https://proceedings.neurips.cc/paper/2020/hash/e33d974aae13e4d877477d51d8bafdc4-Abstract.html).
    Without dropout it is EASE.

    Parameters
    ----------
    likes : sparse array (people, films)
        X: 1 for each like, or a person's weight.
    dropout : float
        p, from 0 to less than 1.
    ridge : float
        More than 0.

    Returns
    -------
    float32 array (films, films)
        Zeros on the diagonal.
    """
    people, films = likes.shape
    squares = np.asarray(likes.power(2).sum(axis=0), np.float64)
    penalties = _penalties(squares, dropout, ridge)
    if people < films:
        return _without_selves(_inverse_by_people(likes, penalties))
    gram = np.zeros((films, films), np.float32)
    _add_gram(gram, likes)
    return _without_selves(_inverse(gram, penalties))


def ease_of_gram(gram: Floats, ridge: float, dropout: float = 0.0) -> Floats:
    """Return the weights of `ease` from XᵀX, for people who don't fit into memory together.

    Parameters
    ----------
    gram : float32 array (films, films)
        From `add_gram`; overwritten.
    ridge : float
    dropout : float

    Returns
    -------
    float32 array (films, films)
        Zeros on the diagonal.
    """
    squares = np.diag(gram).astype(np.float64)
    return _without_selves(_inverse(gram, _penalties(squares, dropout, ridge)))


def add_gram(total: Floats, histories: list[Ints], activity: float) -> None:
    """Add XᵀX, with each person's row weighted as in `ease`, to a float32 array (films, films)."""
    _add_gram(total, _scaled(likes_matrix(histories, len(total)), activity))


def following(histories: list[Ints], n: int, how: Following, ridge: float) -> Floats:
    """Return the regression weights from likes up to a point (rows) to those after it (columns)."""
    return following_of_sums(*following_sums(histories, n, how), ridge)


def following_sums(histories: list[Ints], n: int, how: Following) -> tuple[Floats, Floats]:
    """Return what `following` sums over these people, as `add_following` adds it."""
    gram, moment = square(n), square(n)
    add_following(gram, moment, histories, how)
    return gram, moment


def following_of_sums(gram: Floats, moment: Floats, ridge: float) -> Floats:
    """Return the weights of `following` from sums over people, which are overwritten."""
    gram[np.diag_indices(len(gram))] += ridge
    factor = linalg.cho_factor(gram, lower=False, overwrite_a=True, check_finite=False)
    solved = linalg.cho_solve(factor, moment, overwrite_b=True, check_finite=False)
    return np.asarray(solved, np.float32)


def add_following(gram: Floats, moment: Floats, histories: list[Ints], how: Following) -> None:
    """Add what `following` sums over people.

    Parameters
    ----------
    gram : float32 array (n, n)
        The products of likes up to a point with themselves (`square`).
    moment : float32 array (n, n)
        Their products with the likes after that point.
    histories : list of int64 array
        Each person's likes, oldest first, as indices from 0 to n - 1.
    how : Following
    """
    n = len(gram)
    decays = np.exp(-np.arange(round(4 * how.decay)) / how.decay)
    for some in _blocks(histories):
        before: list[Ints] = []
        after: list[Ints] = []
        for films in some:
            moments = np.unique(len(films) * np.arange(1, how.moments) // how.moments)
            for now in moments[moments > 0]:
                before.append(films[max(now - len(decays), 0) : now])
                after.append(films[now : now + how.ahead])
        profile = sparse_rows(before, [decays[: len(each)][::-1] for each in before], n)
        future = sparse_rows(after, [np.ones(len(each)) for each in after], n)
        _add_product(gram, profile, profile)
        _add_product(moment, profile, future)


def square(n: int) -> Floats:
    """Return zeros in the order that LAPACK overwrites in place: float32 array (n, n)."""
    return np.zeros((n, n), np.float32, order="F")


def _scaled(liked: sparse.csr_array, activity: float) -> sparse.csr_array:
    """Return the matrix with each person's row times the square root of the person's weight."""
    if not activity:
        return liked
    counts = np.diff(liked.indptr)
    factors = np.maximum(counts, 1).astype(np.float32) ** (activity / 2)
    return sparse.csr_array(
        (np.repeat(factors, counts), liked.indices, liked.indptr), shape=liked.shape
    )


def _penalties(squares: Doubles, dropout: float, ridge: float) -> Doubles:
    penalties: Doubles = dropout / (1 - dropout) * squares + ridge
    return penalties


def _without_selves(weights: Floats) -> Floats:
    """Return EDLAE's weights from the inverse C, which is overwritten."""
    weights /= -np.diag(weights).copy()
    np.fill_diagonal(weights, 0)
    return weights


def _add_gram(total: Floats, liked: sparse.csr_array) -> None:
    for start in range(0, liked.shape[0], _PEOPLE_AT_ONCE):
        some = liked[start : start + _PEOPLE_AT_ONCE]
        _add_product(total, some, some)


def _inverse(gram: Floats, penalties: Doubles) -> Floats:
    """Return (XᵀX + P)⁻¹ by Cholesky, in the memory of XᵀX; P is diagonal."""
    gram[np.diag_indices(len(gram))] += penalties.astype(np.float32)
    factor, _ = linalg.cho_factor(gram, overwrite_a=True, check_finite=False)
    lower, _ = linalg.lapack.spotri(factor, overwrite_c=True)
    return np.asarray(np.triu(lower) + np.triu(lower, 1).T, np.float32)


def _inverse_by_people(liked: sparse.csr_array, penalties: Doubles) -> Floats:
    """Return the same from XXᵀ, which is smaller if there are fewer people than films (Woodbury).

    With Y = X P^-½: (XᵀX + P)⁻¹ = P^-½ (I − Yᵀ (YYᵀ + I)⁻¹ Y) P^-½
    """
    n = liked.shape[1]
    roots = (1 / np.sqrt(penalties)).astype(np.float32)
    scaled = sparse.csr_array(liked.multiply(roots[None]))
    gram = (scaled @ scaled.T).toarray()
    gram[np.diag_indices(len(gram))] += 1
    factor = linalg.cholesky(gram, lower=True, overwrite_a=True, check_finite=False)
    half = linalg.solve_triangular(factor, scaled.toarray(), lower=True, check_finite=False)
    inverse = half.T @ half
    inverse *= -1
    inverse[np.diag_indices(n)] += 1
    inverse *= roots
    inverse *= roots[:, None]
    return np.asarray(inverse, np.float32)


def likes_matrix(histories: list[Ints], n: int) -> sparse.csr_array:
    """Return a matrix of people by films: 1 for each like."""
    return sparse_rows(histories, [np.ones(len(each)) for each in histories], n)


def _add_product(total: Floats, left: sparse.csr_array, right: sparse.csr_array) -> None:
    """Add leftᵀ · right, a few rows at a time, as the whole product would double the memory."""
    columns = left.T.tocsr()
    for start in range(0, len(total), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        total[rows] += (columns[rows] @ right).toarray()


def _blocks(histories: list[Ints]) -> list[list[Ints]]:
    starts = range(0, len(histories), _PEOPLE_AT_ONCE)
    return [histories[start : start + _PEOPLE_AT_ONCE] for start in starts]


def sparse_rows(columns: list[Ints], values: list[Doubles], n: int) -> sparse.csr_array:
    """Return a sparse matrix of n columns with one row for each list of columns and values."""
    lengths = [len(each) for each in columns]
    rows = np.repeat(np.arange(len(columns)), lengths)
    entries = np.concatenate([np.zeros(0), *values]).astype(np.float32)
    films = np.concatenate([np.zeros(0, np.int64), *columns])
    return sparse.csr_array(sparse.coo_array((entries, (rows, films)), shape=(len(columns), n)))
