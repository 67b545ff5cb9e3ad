"""Consumer groups: several workers of a service share a feed, each event going to one of them, again and again until it is done."""

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.consumers.tend import Following, TendConsumer
from domain.decider import Rejected
from domain.integrations.consumers.commands import DeleteConsumer, RetryParkedDelivery, SkipParkedDelivery
from domain.integrations.consumers.consumer import consumer_stream
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import scoped
from interfaces.http.commands.integrations.bodies import NewConsumer, Skip, Somewhere
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.queries.feeds import named
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post

CONSUMERS = scoped("feeds:read", Role.ADMIN)

step = steps("/{consumer:str}", "feed_not_found", "consumer_not_found", "not_yours")
parked = steps("/{consumer:str}/parked/{position:int}", "feed_not_found", "consumer_not_found", "not_yours", "not_parked")


class ConsumerCommands(Controller):
    path = "/v1/feeds/{name:str}/consumers"
    tags = ("consumers",)

    @post(
        "/",
        guards=[CONSUMERS],
        sync_to_thread=True,
        responses=problems("feed_not_found", "position_unknown", "consumer_exists", "not_yours"),
    )
    def create_consumer(
        self, name: FromPath[str], data: JSONBody[NewConsumer], run: Given[Dispatch], tend_consumer: Given[TendConsumer]
    ) -> Response[Accepted]:
        """Make a group that is given what the feed tells from a place on: only what is still to come, where nothing is said.

        It belongs to the caller; nobody else pulls from it, but admins. An event is given to one worker at a time, and to nobody while
        an earlier one of its `subject` is out, waits or is parked.
        """
        feed = named(name)
        told = {feed.type_of(each) for each in feed.payloads}
        for number, each in enumerate(data.types):
            if each not in told:
                raise Rejected("not_in_feed", f"The feed tells {', '.join(sorted(told))}.", pointer=f"/types/{number}")
        asked = Following(feed.feed, data.name, data.place, tuple(sorted(set(data.types))), data.max_attempts, data.lease_seconds)
        answer = run.answer(tend_consumer.create(asked, run.by, run.now, run.meta, run.expected), status=201)
        answer.headers["Location"] = f"/v1/feeds/{feed.feed}/consumers/{data.name}"
        return answer

    @step("replay", CONSUMERS, "position_unknown", "place_unclear")
    def replay(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        data: JSONBody[Somewhere],
        run: Given[Dispatch],
        tend_consumer: Given[TendConsumer],
    ) -> Response[Accepted]:
        """Give everything behind a position, or from a time on, again, or pass over what lies before it. Leases of what is behind end.

        What is open or parked up to there stays so, and holds later events of its subjects back.
        """
        feed = named(name)
        return run.answer(tend_consumer.replay(feed.feed, consumer, data.place(""), run.by, run.now, run.meta, run.expected))

    @parked("retry", CONSUMERS)
    def retry_delivery(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        position: FromPath[int],
        run: Given[Dispatch],
        tend_consumer: Given[TendConsumer],
    ) -> Response[Accepted]:
        """Give a parked event again, as if for the first time."""
        stream = consumer_stream(named(name).feed, consumer)
        return run.answer(tend_consumer.parked(RetryParkedDelivery(stream, position, run.by, run.now), run.meta))

    @parked("skip", CONSUMERS)
    def skip_delivery(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        position: FromPath[int],
        data: JSONBody[Skip],
        run: Given[Dispatch],
        tend_consumer: Given[TendConsumer],
    ) -> Response[Accepted]:
        """Go on without a parked event; the next one of its subject may be given."""
        stream = consumer_stream(named(name).feed, consumer)
        return run.answer(tend_consumer.parked(SkipParkedDelivery(stream, position, data.reason, run.by, run.now), run.meta))

    @delete(
        "/{consumer:str}",
        status_code=200,
        guards=[CONSUMERS],
        sync_to_thread=True,
        responses=problems("feed_not_found", "consumer_not_found", "not_yours"),
    )
    def delete_consumer(
        self, name: FromPath[str], consumer: FromPath[str], run: Given[Dispatch], tend_consumer: Given[TendConsumer]
    ) -> Response[Accepted]:
        """Delete a group with all it has open; its name is free."""
        command = DeleteConsumer(consumer_stream(named(name).feed, consumer), run.by, run.now)
        return run.answer(tend_consumer.delete(command, run.meta, run.expected))
