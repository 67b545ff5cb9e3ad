"""What a Java machine keeps of an earlier run: classes loaded and linked, and which methods are hot (JEP 483, 514, 515).

With it OpenSearch is up in less than half the time. It lies beside the jars and is for them and one Java alone; a machine that
cannot use it goes without.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from infrastructure.embedded import jars, java

ABLE = 25
"""The first Java that makes one in a single step."""


@lru_cache
def place(program: Path, jar_folder: Path) -> Path | None:
    """Where it is, or would be; None for a Java that makes none."""
    if java.major(program) < ABLE:
        return None
    release = program.parent.parent / "release"
    mark = hashlib.sha256(jars.LOCK.read_bytes() + (release.read_bytes() if release.exists() else str(program).encode()))
    return jar_folder / f"opensearch-{mark.hexdigest()[:12]}.aot"


def known(program: Path, jar_folder: Path) -> tuple[str, ...]:
    found = place(program, jar_folder)
    return (f"-XX:AOTCache={found}",) if found and found.exists() else ()


def recording(into: Path) -> tuple[str, ...]:
    return (f"-XX:AOTCacheOutput={into}",)
