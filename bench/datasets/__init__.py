"""Figures on the standard datasets: the engine on their files, the service that publishes them."""
