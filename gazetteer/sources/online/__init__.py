"""Places from the network, asked for one name at a time, and files fetched from an address.

Nothing here is used unless somebody asks for it, and nothing where ``OSINT_OFFLINE`` is 1.

``guarded``: connections to public addresses only. ``client``: one polite client for all services.
``nominatim``, ``overpass``, ``wikidata``: one service each. ``download``: a file into the cache.
"""
