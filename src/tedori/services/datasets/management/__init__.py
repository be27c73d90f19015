"""Commands of the datasets service."""
