"""The house's own laws, and the journeys through the whole product."""
