"""Words that everyone shares: frozen values on the standard library alone."""
