"""Context sources: who says that they know or keep what, and what a request becomes when they take part."""
