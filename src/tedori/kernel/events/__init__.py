"""Facts that happened, carried at least once and in order to everyone who listens."""
