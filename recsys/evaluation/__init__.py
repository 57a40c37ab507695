"""How good the lists are, beside those of simpler and other models, on ratings kept back.

`splits` keeps ratings back, `panel` has made-up people whose taste is known, `contenders` are what
is compared (`peers` come from libraries), `measures` judges lists, `run` puts it together, and
`command` is `python -m recsys evaluate`. Nothing of the product imports this.
"""
