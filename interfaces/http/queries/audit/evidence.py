"""Evidence for auditors to take away: all that one thing or one person left on the log, with proofs, signed."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from interfaces.http.caller import Caller
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.audit.recording import AUDITORS, Audited
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.seals import Bundle, Evidence, NothingSealed
from projections.users.mentions import journal

ZIP = "application/zip"
DESCRIPTION = "`events.jsonl` with a proof for each event, `head.json`, `keys.json`, `manifest.json` and its signature."


class EvidenceQueries(Controller):
    path = "/v1/audit/evidence"
    tags = ("audit",)

    @get(
        guards=[AUDITORS],
        sync_to_thread=True,
        media_type=ZIP,
        opt={"projection": journal.name},
        responses={
            200: ResponseSpec(bytes, generate_examples=False, media_type=ZIP, description=DESCRIPTION),
            **problems("stream_not_found", "user_not_found", "nothing_sealed", "stream_or_person", "seals_unavailable"),
        },
    )
    def evidence(
        self,
        evidence: Given[Evidence],
        audited: Given[Audited],
        caller: Given[Caller],
        stream: Annotated[UUID | None, QueryParameter(description="The thing whose whole history it is.")] = None,
        person: Annotated[
            UUID | None, QueryParameter(description="Who did it, whom it happened to, or whose personal data are in it.")
        ] = None,
    ) -> Stream:
        """A signed bundle of one stream's or one person's events, for `interfaces/verifier/verify.py bundle`.

        Events are as stored: personal fields are encrypted, and stay so when the person is erased.
        """
        if (stream is None) == (person is None):
            raise Problem(422, "stream_or_person", "Ask for a stream or for a person, and not for both.", parameter="stream")
        bundle = found(evidence, audited, stream, person, str(caller.id))
        audited(bundle.events)
        name = f"evidence-{'stream' if stream else 'person'}-{stream or person}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        content: Any = bundle.pieces
        return Stream(content, media_type=ZIP, headers=headers)


def found(evidence: Evidence, audited: Audited, stream: UUID | None, person: UUID | None, asked_by: str) -> Bundle:
    try:
        bundle = evidence.of_stream(stream, asked_by) if stream else evidence.of_person(person, asked_by) if person else None
    except NothingSealed:
        audited(0)
        raise Problem(409, "nothing_sealed", "No signed tree holds any of it yet; new events are sealed within some ten seconds.") from None
    if bundle is None:
        raise audited.missing("stream_not_found" if stream else "user_not_found", "Nothing was recorded there.")
    return bundle
