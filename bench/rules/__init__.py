"""Figures of the rule engine: agreement with a peer's tests, speed, certainty, questions."""
