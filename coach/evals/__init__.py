"""Cases that any configured model is held to, side by side with the embedded engine.

A case is one moment: a buyer's turn, a set of suggestions, or a judgement. It runs through the
whole product, checks of model output included, and code grades what came out.
"""
