"""Who did what on which grounds: append-only, hash-chained, verifiable offline."""
