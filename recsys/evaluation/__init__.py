"""Offline evaluation of lists on held-out ratings, compared with baselines.

`splits` holds out ratings, `panel` has fictitious people with a known taste, `contenders` and
`baselines` are the models that are compared (the latter mostly from libraries, and tuned),
`measures` computes metrics, and `run` combines them for `python -m recsys evaluate`. Serving
imports none of this.
"""
