"""The answers page: what is said about clipping, and what is true of it.

It stands above the other slices, whose mathematics it quotes.
"""
