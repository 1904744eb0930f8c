"""Links of map services: the place somebody marked, else the centre of what they looked at.

Reading order::

    link            a link taken apart once, and coordinates in its parts
    google          Google Maps, Google Earth on the web
    openstreetmap   OpenStreetMap
    yandex          Yandex Maps (longitude first)
    bing            Bing Maps
    others          services whose links hold one pair in one place
    refused         links and codes that only a service can resolve
    services        all of them, by host

A pin goes before the centre of a view; a route, or two different pins, is an error. Links are never
opened: what a shortened one stands for only its service knows.
"""

from gazetteer.notations.links.services import claims, read

__all__ = ["claims", "read"]
