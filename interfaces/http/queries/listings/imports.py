"""How imports stand, and what became of every row."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Meta, Struct

from domain.listings.bulk_import import next_actions
from domain.values import Role
from interfaces.http.answers import document, wants_csv
from interfaces.http.caller import Caller, requires
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.streams import CSV, CsvFile
from projections import cursors
from projections.listings.import_report import whole_report
from projections.listings.imports import ImportStatus, view, visible_to
from projections.ports import Documents, ImportReports, ReportedRow

IMPORTERS = requires(Role.SELLER, Role.SUPPLIER, Role.ADMIN)

Outcome = Annotated[Literal["accepted", "repaired", "refused", "known"] | None, QueryParameter(description="Only such rows.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many rows at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=40, description="`next` of the page before.")]
RowNumber: Any = Annotated[int, Meta(ge=0, lt=2**31)]


class ImportPage(ImportStatus, frozen=True, kw_only=True):
    """`rows` counts what is done so far by outcome; `known` rows had been brought by an earlier import."""

    rows: dict[str, int]
    actions: list[str]


class ReportPage(Struct, frozen=True):
    items: list[ReportedRow]
    next: str | None


class ImportQueries(Controller):
    path = "/v1/imports"
    tags = ("imports",)

    @get(
        "/{import_id:uuid}",
        guards=[IMPORTERS],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("import_not_found"),
    )
    def one(
        self,
        import_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        import_reports: Given[ImportReports],
    ) -> Response[ImportPage]:
        """How an import stands and how many of its rows are done."""
        found = documents.one(view, import_id, visible_to(caller.actor))
        if found is None:
            raise Problem(404, "import_not_found")
        actions = next_actions(found.columns["requested_by"], found.columns["status"], caller.actor)
        answer: Any = document(found, rows=import_reports.totals(import_id), actions=actions)
        return answer

    @get(
        "/{import_id:uuid}/report",
        guards=[IMPORTERS],
        sync_to_thread=True,
        opt={"projection": view.name, "also": CSV},
        responses=problems("import_not_found", "bad_cursor"),
    )
    def report(
        self,
        import_id: FromPath[UUID],
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        documents: Given[Documents],
        import_reports: Given[ImportReports],
        outcome: Outcome = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> ReportPage:
        """What became of each row: accepted, repaired (with what was repaired), refused (with why) or known from before.

        With `Accept: text/csv` the whole report as a file, whatever `limit` and `cursor` say.
        """
        if documents.one(view, import_id, visible_to(caller.actor)) is None:
            raise Problem(404, "import_not_found")
        if wants_csv(request):
            answer: Any = CsvFile(whole_report(import_reports.rows, import_id, outcome), f"import-{import_id}.csv")
            return answer
        asked = ("import_report", import_id, outcome)
        after = 0 if cursor is None else cursors.read(cursor, asked, RowNumber)
        rows = import_reports.rows(import_id, outcome, after, limit + 1)
        return ReportPage(list(rows[:limit]), cursors.written(rows[limit - 1].row, asked) if len(rows) > limit else None)
