from msgspec.structs import replace

from domain.groups.supply import commands as c
from domain.groups.supply import events as e
from domain.groups.supply.quote import quotes
from domain.values import SYSTEM
from tests.bdd import Given
from tests.domain.groups.supply.deal import (
    DAY,
    EVE,
    GROUP,
    MUSA,
    NOON,
    NYASHA,
    QUOTE,
    SAM,
    TENDAI,
    VALID,
    accept,
    accepted,
    counter,
    countered,
    lapsed,
    quoted,
    reject,
    rejected,
    request_it,
    requested,
    submit,
    withdrawn,
)


def test_a_quote_is_requested_once():
    Given(quotes).when(request_it).then(requested)
    Given(quotes, requested).when(request_it).then()


def test_the_supplier_names_price_lead_time_and_validity():
    Given(quotes, requested).when(submit()).then(quoted())


def test_a_member_of_the_company_acts_for_it():
    Given(quotes, requested).when(submit(NYASHA, for_supplier=True)).then(quoted(by=NYASHA))
    Given(quotes, requested).when(submit(NYASHA)).rejected("not_yours")


def test_nobody_else_acts_on_a_quote():
    for command in (submit(EVE), submit(TENDAI), submit(SAM), counter(EVE), accept(EVE), reject(EVE)):
        Given(quotes, requested).when(command).rejected("not_yours")


def test_what_is_quoted_makes_sense():
    given = Given(quotes, requested)
    given.when(submit(price=0)).rejected("price_invalid", pointer="/price")
    given.when(submit(quantity=101)).rejected("quantity_invalid", pointer="/quantity")
    given.when(submit(lead_days=366)).rejected("lead_days_invalid", pointer="/leadDays")
    given.when(submit(valid_until=NOON)).rejected("validity_invalid", pointer="/validUntil")
    given.when(submit(valid_until=NOON + 31 * DAY)).rejected("validity_invalid", pointer="/validUntil")


def test_the_organiser_accepts_what_was_quoted():
    Given(quotes, requested, quoted()).when(accept()).then(accepted)


def test_a_quote_beyond_what_is_held_is_countered_or_rejected_and_never_accepted():
    dear = Given(quotes, requested, quoted(901))
    dear.when(accept()).rejected("quote_above_held")
    dear.when(counter(price=901)).rejected("quote_above_held", pointer="/price")
    dear.when(counter()).then(countered())
    dear.when(reject(TENDAI)).then(replace(rejected, side="organiser", by=TENDAI.id))


def test_a_quote_for_fewer_pieces_is_not_accepted():
    Given(quotes, requested, quoted(quantity=99)).when(accept()).rejected("quote_short")


def test_the_organiser_counters_once():
    Given(quotes, requested, quoted()).when(counter(lead_days=5)).then(replace(countered(), lead_days=5))
    Given(quotes, requested, quoted(), countered()).when(counter()).rejected("counter_not_possible")
    Given(quotes, requested, quoted(), countered(), quoted(870, revision=2)).when(counter()).rejected("counter_not_possible")


def test_the_supplier_takes_the_counter_quote_or_quotes_again():
    given = Given(quotes, requested, quoted(950), countered())
    given.when(accept(MUSA)).then(replace(accepted, price=850, side="supplier", by=MUSA.id))
    given.when(submit(price=870)).then(quoted(870, revision=2))
    given.when(accept()).rejected("quote_not_acceptable")


def test_the_supplier_refuses_with_a_reason():
    Given(quotes, requested).when(reject()).then(rejected)
    Given(quotes, requested).when(reject(reason=" ")).rejected("text_invalid", pointer="/reason")


def test_the_supplier_takes_a_quote_back_before_it_is_accepted():
    Given(quotes, requested, quoted()).when(reject()).then(rejected)
    Given(quotes, requested, quoted(), accepted).when(reject()).rejected("quote_not_rejectable")


def test_a_silent_supplier_loses_the_group():
    given = Given(quotes, requested)
    given.when(c.LapseQuote(QUOTE, SYSTEM, NOON + 3 * DAY)).then(lapsed)
    given.when(c.LapseQuote(QUOTE, SYSTEM, NOON + 2 * DAY)).then()


def test_the_deadline_of_a_request_does_not_end_a_quote_that_is_valid_longer():
    Given(quotes, requested, quoted()).when(c.LapseQuote(QUOTE, SYSTEM, NOON + 3 * DAY)).then()


def test_a_quote_that_the_organiser_leaves_unanswered_lapses():
    Given(quotes, requested, quoted()).when(c.LapseQuote(QUOTE, SYSTEM, VALID)).then(e.QuoteLapsed(QUOTE, GROUP, VALID, "organiser"))


def test_nothing_lapses_that_was_agreed_on():
    Given(quotes, requested, quoted(), accepted).when(c.LapseQuote(QUOTE, SYSTEM, VALID)).then()


def test_an_answer_that_comes_too_late_is_refused_though_the_quote_has_not_lapsed_yet():
    Given(quotes, requested, quoted()).when(accept(now=VALID)).rejected("quote_lapsed")
    Given(quotes, requested).when(submit(now=NOON + 3 * DAY, valid_until=VALID)).rejected("quote_lapsed")


def test_a_group_that_fails_asks_for_nothing_any_more():
    command = c.WithdrawQuote(QUOTE, SYSTEM, NOON)
    Given(quotes, requested, quoted()).when(command).then(withdrawn)
    Given(quotes, requested, rejected).when(command).then()
    Given(quotes).when(command).then()


def test_a_quote_that_was_accepted_while_its_group_was_called_off_is_withdrawn():
    Given(quotes, requested, quoted(), accepted).when(c.WithdrawQuote(QUOTE, SYSTEM, NOON, accepted=True)).then(withdrawn)
    Given(quotes, requested, quoted(), accepted).when(c.WithdrawQuote(QUOTE, SYSTEM, NOON)).then()


def test_there_is_no_quote_that_nobody_requested():
    Given(quotes).when(submit()).rejected("quote_not_found")


def test_everybody_is_offered_what_is_his_to_do():
    Given(quotes, requested).offers(MUSA, "submit", "reject")
    Given(quotes, requested).offers(TENDAI)
    Given(quotes, requested, quoted()).offers(TENDAI, "counter", "accept", "reject")
    Given(quotes, requested, quoted(), countered()).offers(MUSA, "submit", "accept", "reject")
    Given(quotes, requested, quoted(), countered(), quoted(revision=2)).offers(TENDAI, "accept", "reject")
    Given(quotes, requested, quoted(), accepted).offers(TENDAI)
