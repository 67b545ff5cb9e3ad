"""What those are told by mail whose webhook endpoint was given up."""

from uuid import UUID

from application.jobs.draft import Draft, moment
from application.jobs.ports import History, Skipped
from domain.integrations.endpoints.endpoint import Open, endpoints
from domain.integrations.endpoints.events import EndpointGivenUp
from domain.users.events import ServiceAccountOpened


class IntegrationLetters:
    def __init__(self, history: History, site: str) -> None:
        self._history = history
        self._site = site

    def given_up(self, event: EndpointGivenUp) -> Draft:
        """To its owner, or to whoever has opened the service's account that it belongs to: services have no mail."""
        endpoint = endpoints.fold(each.event for each in self._history.stream(event.endpoint_id))
        if not isinstance(endpoint, Open) or endpoint.enabled:
            raise Skipped("superseded")
        facts = {
            "url": endpoint.url,
            "because": event.because,
            "since": moment(event.failing_since) if event.failing_since else "",
            "when": moment(event.at),
            "link": f"{self._site}/v1/webhook-endpoints/{event.endpoint_id}",
        }
        return Draft(self._responsible(event.owner), "account", facts)

    def _responsible(self, owner: UUID) -> UUID:
        first = next((each.event for each in self._history.stream(owner)), None)
        return first.by if isinstance(first, ServiceAccountOpened) else owner
