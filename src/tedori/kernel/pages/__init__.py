"""The one design of the house: base page, components, charts, maps."""
