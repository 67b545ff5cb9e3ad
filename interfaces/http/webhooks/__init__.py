"""Where payment providers tell us what has become of payments."""

from interfaces.http.webhooks.providers import ProviderMessages

CONTROLLERS = (ProviderMessages,)
