"""The evolution of entities: which ones, which of their instances, and what these amount to."""
