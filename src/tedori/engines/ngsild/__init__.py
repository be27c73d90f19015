"""NGSI-LD (ETSI GS CIM 009) as pure functions over frozen values: contexts, documents, queries, patches."""
