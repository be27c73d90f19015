"""NGSIv2 (the FIWARE NGSI v2 specification) as another way to write the same entities.

    names            identifiers of v2 ↔ IRIs and URNs
    attributes       one attribute with its type and metadata ↔ `values.Attribute`
    entities         whole entities, read and written in every representation of v2
    asking           q, mq, geo-queries and orders of v2 as texts of NGSI-LD with a context of their own
    subscriptions    subscriptions and notifications of v2

What v2 says and NGSI-LD does not (the names of types) is kept as the data type of a value; what NGSI-LD says
and v2 cannot (further instances of an attribute, languages) is left alone by v2 and shown in its own words.
"""
