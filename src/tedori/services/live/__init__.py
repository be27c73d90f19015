"""What is true now: entities of the NGSI-LD kind, their history, and whoever must hear of a change."""
