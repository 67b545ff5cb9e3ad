"""An evening's groups, all with the same deadline: how many a second are closed, by a worker that follows one killed half-way."""

from infrastructure.embedded import engines
from infrastructure.migrate import migrate
from infrastructure.postgres import open_pool
from tests.benchmarks.harness.dying import counted, doing_the_rest, killed
from tests.benchmarks.harness.figures import Effort, Figure
from tests.benchmarks.harness.installation import Report, own_folder
from tests.infrastructure.groups.evenings import LEASE, THREADS, Evening

WORKER = "tests.infrastructure.groups.evenings"
GROUPS = 10_000
CLOSED = "SELECT count(*), count(DISTINCT stream) FROM events WHERE type IN ('groups.GroupLocked', 'groups.GroupFailed')"


def run(effort: Effort, report: Report) -> list[Figure]:
    groups = GROUPS if effort.rows >= GROUPS // 2 else effort.rows
    with own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        url = started.servers["postgres"].url
        migrate(url)
        with open_pool(url, THREADS + 4) as pool:
            evening = Evening(pool)
            report(f"Opening {groups:,} groups with a member each")
            evening.gather(groups)
            report("Closing half of them, until the worker is killed")
            killed(WORKER, url, groups // 2)
            before = counted(pool, CLOSED)[0]
            report("Closing the others")
            evening.strike(after=2 * LEASE)
            seconds = doing_the_rest(pool, evening.worker, "react", evening.now)
            closed, distinct = counted(pool, CLOSED)
    if not closed == distinct == groups:
        raise AssertionError(f"of {groups:,} groups {distinct:,} have been closed {closed:,} times")
    note = f"{groups:,} due in the same minute, killed after {before:,}; every one closed once"
    return [Figure("groups closed at their deadline", (closed - before) / seconds, "groups/s", note=note)]
