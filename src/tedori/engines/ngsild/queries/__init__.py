"""The query languages of NGSI-LD (GS CIM 009, 4.9 to 4.23): read, matched, written as SQL."""
