"""Is the simulation honest? Scripted sellers play against every buyer, and what happens is counted.

``sellers`` says what they say, ``playing`` plays one session the way a turn is taken, ``faults``
and ``roles`` look for what a buyer must never do, ``tournament`` plays many, and ``figures``,
``floors`` and ``report`` tell what came of it. Nothing here decides anything for the buyer.
"""
