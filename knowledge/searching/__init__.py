"""A question finds passages: by meaning and by words, fused, filtered, varied, peers first."""
