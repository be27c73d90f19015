"""`/v2`: the NGSIv2 door for systems that speak it, onto the same entities behind the same walls."""

from tedori.services.live.api.ngsiv2 import attributes, batch, entities, subscriptions, types

ROUTES = (*entities.ROUTES, *attributes.ROUTES, *batch.ROUTES, *types.ROUTES, *subscriptions.ROUTES)
