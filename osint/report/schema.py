"""What the JSON Schema of a report says beyond what pydantic derives.

A written report holds every field, with null where there is nothing; only a claim leaves out the
fields of other kinds. Pydantic marks whatever has a default as optional, so both are put right
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def require_everything(schema: dict[str, Any]) -> None:
    """Mark every property of ``schema`` as required, in place."""
    schema["required"] = sorted(schema.get("properties", {}))


def close_claim(
    schema: dict[str, Any], kind_fields: Mapping[str, tuple[str, ...]], nullable: frozenset[str]
) -> None:
    """Require the common fields, and for each kind exactly its own, in place.

    Args:
        schema: the object schema of a claim.
        kind_fields: the fields that each kind has.
        nullable: those of them that may be null.
    """
    properties = schema["properties"]
    special = {name for fields in kind_fields.values() for name in fields} & set(properties)
    schema["required"] = sorted(set(properties) - special)
    schema["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind}}},
            "then": {
                "required": sorted(set(fields) & special),
                "properties": {
                    **{
                        name: {"not": {"type": "null"}}
                        for name in sorted((set(fields) & special) - nullable)
                    },
                    **dict.fromkeys(sorted(special - set(fields)), False),
                },
            },
        }
        for kind, fields in kind_fields.items()
    ]
