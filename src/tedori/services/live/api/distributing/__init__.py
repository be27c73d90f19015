"""Operations in which context sources take part: each door of entities with its distributed counterpart.

A counterpart is only called when there are sources that may take part; it calls the local door for what is to
be done here.
"""
