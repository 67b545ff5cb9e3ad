"""What events of integrations owe: a letter where a webhook endpoint is given up."""

from application.effects.effect import Notice
from domain.integrations.endpoints.events import EndpointGivenUp

NOTICES = (Notice(EndpointGivenUp, "endpoint_given_up"),)
