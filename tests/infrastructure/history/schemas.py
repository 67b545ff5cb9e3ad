"""The stored form of every event, written down: what today's classes have to go on reading.

`python -m tests.infrastructure.history.schemas` writes down what is new, and refuses what would make old events unreadable.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from domain.registry import DECIDERS
from domain.values import Value
from infrastructure.eventlog.mapper import form

FOLDER = Path(__file__).parents[2] / "fixtures" / "schemas"

Kept = dict[str, dict[str, Any]]
"""By stable name and schema version: the JSON schema with its parts in place, and the personal fields with their subjects."""


def present() -> Kept:
    """Of the classes as they are."""
    events = {event for decider in DECIDERS for event in decider.events}
    return {name: {version: shape} for name, version, shape in sorted((described(each) for each in events), key=lambda found: found[0])}


def described(event: type[Value]) -> tuple[str, str, dict[str, Any]]:
    known = form(event)
    (reference,), parts = msgspec.json.schema_components([event])
    shape = {"schema": in_place(reference, parts), "personal": {field.stored: field.subject_stored for field in known.personal}}
    return known.name, str(known.schema), shape


def in_place(schema: Any, parts: Mapping[str, Any], within: tuple[str, ...] = ()) -> Any:
    """With every `$ref` replaced by what it refers to, and without the words that only explain."""
    match schema:
        case {"$ref": str(reference)}:
            name = reference.removeprefix("#/$defs/")
            return {"$ref": name} if name in within else in_place(parts[name], parts, (*within, name))
        case dict():
            return {key: in_place(each, parts, within) for key, each in schema.items() if key not in {"title", "description", "default"}}
        case list():
            return [in_place(each, parts, within) for each in schema]
        case _:
            return schema


def kept(folder: Path = FOLDER) -> Kept:
    return {name: versions for path in sorted(folder.glob("*.json")) for name, versions in json.loads(path.read_text()).items()}


def breaches(old: Kept, new: Kept) -> list[str]:
    """Why events as they were written down could no longer be read, one reason a line."""
    found: list[str] = []
    for name, versions in old.items():
        if name not in new:
            found.append(f"{name} is gone: no class reads it any more")
            continue
        ((today, shape),) = new[name].items()
        if any(int(version) > int(today) for version in versions):
            found.append(f"{name} went back to schema {today}")
        if before := versions.get(today):
            found += [f"{name}: {reason}" for reason in refused(before["schema"], shape["schema"])]
            for field, subject in before["personal"].items():
                if shape["personal"].get(field) != subject:
                    found.append(f"{name}: {field} was encrypted under the key of {subject}, and would not be decrypted")
    return found


def refused(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """What the old form allows and the new one does not take."""
    if old == new:
        return
    if "anyOf" in old:
        for each in old["anyOf"]:
            yield from refused(each, new, path)
    elif "anyOf" in new:
        if all(list(refused(old, each, path)) for each in new["anyOf"]):
            yield f"{path or '/'} is no longer taken in the form that it had: it needs a new schema version and an upcaster"
    elif "enum" in old and "enum" in new:
        if gone := [each for each in old["enum"] if each not in new["enum"]]:
            yield f"{path or '/'} no longer takes {', '.join(map(str, gone))}"
    elif old.get("type") != new.get("type"):
        yield f"{path or '/'} was of type {old.get('type')} and became {new.get('type')}: it needs a new schema version and an upcaster"
    elif old.get("type") == "object":
        yield from refused_parts(old, new, path)
    elif old.get("type") == "array":
        if "items" in old and "items" in new:
            yield from refused(old["items"], new["items"], path + "/*")
        elif old.get("prefixItems") != new.get("prefixItems"):
            yield f"{path or '/'} has other parts"
    else:
        yield f"{path or '/'} was {json.dumps(old)} and became {json.dumps(new)}"


def refused_parts(old: Any, new: Any, path: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, part in before.items():
        if name not in after:
            yield f"{path}/{name} is gone: it needs a new schema version and an upcaster"
        else:
            yield from refused(part, after[name], f"{path}/{name}")
    for name in set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{path}/{name} became required: it needs a default, or a new schema version and an upcaster"
    values, now = old.get("additionalProperties"), new.get("additionalProperties")
    if isinstance(values, dict) and isinstance(now, dict):
        yield from refused(values, now, path + "/*")
    elif isinstance(values, dict) != isinstance(now, dict):
        yield f"{path or '/'} is another kind of object"


def write(folder: Path = FOLDER) -> list[str]:
    """Write down what is new; return what was refused, and write nothing then."""
    before, now = kept(folder), present()
    if wrong := breaches(before, now):
        return wrong
    merged = {name: {**before.get(name, {}), **versions} for name, versions in now.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for family in sorted({name.split(".")[0] for name in merged}):
        mine = {name: merged[name] for name in sorted(merged) if name.split(".")[0] == family}
        (folder / f"{family}.json").write_text(json.dumps(mine, indent=1, sort_keys=True) + "\n")
    return []


if __name__ == "__main__":
    if problems := write():
        sys.exit("\n".join(problems))
