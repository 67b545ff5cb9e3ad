"""Settings for a role that a person runs beside, or without, a started Tradewind."""

import contextlib
import os
from collections.abc import Generator, Mapping

from infrastructure.settings import Settings, load
from interfaces.cli.console import progress


@contextlib.contextmanager
def attached(environ: Mapping[str, str] = os.environ) -> Generator[Settings]:
    """Settings in which every engine has its URL.

    Those not set are the engines of the `run.py` that runs over the same data directory, or else are started for as long as
    this lasts.
    """
    settings = load(environ)
    if not settings.unset_engines:
        yield settings
        return
    from infrastructure.embedded import engines

    kind = {"TRADEWIND_EMBEDDED": str(int(settings.embedded))}
    if found := engines.running(settings.data_dir):
        yield load({**found, **environ, **kind})
        return
    with progress() as report:
        started = engines.start(settings.data_dir, settings.unset_engines, report, maven_url=settings.maven_url)
    with started:
        yield load({**environ, **started.environment(), **kind})
