"""The pages of the live service."""
