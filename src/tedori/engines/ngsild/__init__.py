"""NGSI-LD (ETSI GS CIM 009, 1.6 to 1.8) as pure functions over frozen values.

A document passes through the modules in this order; each can be used alone:

    terms → contexts        what names mean: @contexts compiled once, the core context always last
    checks, geometries, instants → attributes → reading
                            documents of callers checked and turned into `values.Entity`, every name an IRI
    combining → patching    what create, append, update, merge, replace and delete make of an entity
    storing                 entities as the JSON that is kept, and on which the queries rest
    projections, languages → forms → writing, histories
                            entities and their evolution as documents, in every form of the standard
    queries                 the query language as a tree, evaluated in SQL or in memory
    subscriptions           what a subscriber asked for, when it is due, what it is told
    registrations           context sources: who offers what, who is told of what, one entity of many parts

Time, documents of others and linked entities are arguments: nothing here knows a clock, a network or a store.
Errors are `errors.NgsiLdError` with the types of the standard and the place in the document.
"""
