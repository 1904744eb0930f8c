"""What a page says of itself as JSON-LD (schema.org), read as the hostile input it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MOST_BYTES = 1_000_000
_MOST_SCRIPTS = 20
_MOST_NODES = 500
_ARTICLE_TYPES = ("article", "posting", "report", "newsarticle")


@dataclass(frozen=True, slots=True)
class Described:
    """What the nodes about the article say; "" where they say nothing."""

    published: str = ""
    publisher: str = ""
    headline: str = ""


def described(scripts: Iterable[str]) -> Described:
    """What ``scripts``, the texts of the JSON-LD elements, say of the article.

    Only top-level nodes, those of a ``@graph`` and a node's ``mainEntity`` count: the date of a
    comment or of a linked story is not the article's. Nodes of an article's type go before others.
    """
    nodes: list[dict[str, object]] = []
    for number, script in enumerate(scripts):
        if number >= _MOST_SCRIPTS or len(nodes) >= _MOST_NODES:
            break
        nodes += _nodes(_parsed(script))
    nodes = sorted(nodes[:_MOST_NODES], key=lambda node: not _is_article(node))
    names = {node["@id"]: _text(node, "name") for node in nodes if isinstance(node.get("@id"), str)}
    return Described(
        published=next((d for node in nodes if (d := _text(node, "datePublished"))), ""),
        publisher=next((p for node in nodes if (p := _publisher(node, names))), ""),
        headline=next(
            (h for node in nodes if _is_article(node) and (h := _text(node, "headline"))), ""
        ),
    )


def _parsed(script: str) -> object:
    if len(script) > _MOST_BYTES:
        return None
    body = script.strip().removeprefix("<![CDATA[").removesuffix("]]>")
    try:
        return json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: object) -> Iterator[dict[str, object]]:
    """Nodes in the order of the page; nothing deeper than a graph in a list."""
    waiting = [(value, 0)]
    count = 0
    while waiting and count < _MOST_NODES:
        item, depth = waiting.pop(0)
        if depth > 3:
            continue
        if isinstance(item, list):
            waiting += [(inner, depth + 1) for inner in item[:_MOST_NODES]]
        elif isinstance(item, dict):
            count += 1
            yield item
            waiting += [(item[key], depth + 1) for key in ("@graph", "mainEntity") if key in item]


def _is_article(node: dict[str, object]) -> bool:
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(kind, str) and kind.lower().endswith(_ARTICLE_TYPES) for kind in listed[:20]
    )


def _text(node: dict[str, object], key: str) -> str:
    value = node.get(key)
    if isinstance(value, list) and value:
        value = value[0]
    return " ".join(value[:1_000].split()) if isinstance(value, str) else ""


def _publisher(node: dict[str, object], names: dict[object, str]) -> str:
    value = node.get("publisher")
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, str):
        return " ".join(value[:200].split()) if "://" not in value else ""
    if not isinstance(value, dict):
        return ""
    identifier = value.get("@id")
    known = names.get(identifier, "") if isinstance(identifier, str) else ""
    return _text(value, "name") or known
