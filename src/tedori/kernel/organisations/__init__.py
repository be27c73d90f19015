"""Who acts, for which organisation, in which role."""
