"""The query languages of NGSI-LD (GS CIM 009, clauses 4.9 to 4.11, 4.17, 4.19, 4.23): text to tree, tree to SQL."""
