"""Links at work: what comes from partners is taken in, what happens here is handed on to them."""
