"""The doors under /ngsi-ld/: a plain ASGI handler and the modules whose routes it gathers."""
