"""Subscriptions as pure values: what one asks for, which change concerns it, what its notification says."""
