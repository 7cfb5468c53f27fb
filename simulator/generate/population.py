"""A whole workspace from a seed."""

import gc

from simulator.clock import Clock, moment
from simulator.dice import Dice
from simulator.generate.administration.activity_logs import add_activity_logs
from simulator.generate.administration.data_attributes import add_data_attributes
from simulator.generate.administration.labels import add_labels
from simulator.generate.administration.staff import add_staff
from simulator.generate.administration.ticket_types import add_ticket_types
from simulator.generate.content.help_center import add_help_center
from simulator.generate.content.messages import add_messages
from simulator.generate.content.news import add_news
from simulator.generate.mass_update import update_contacts
from simulator.generate.people.companies import add_companies
from simulator.generate.people.contacts import add_contacts
from simulator.generate.people.departures import remove_some
from simulator.generate.people.events import add_events
from simulator.generate.people.visitors import add_visitors
from simulator.generate.rhythm import Rhythm
from simulator.generate.stories import add_conversations
from simulator.generate.tickets import add_tickets
from simulator.options import Options
from simulator.workspace import Workspace


def populate(options: Options, clock: Clock | None = None) -> Workspace:
    """Populate the workspace that the options describe; the same seed, sizes and start time give the same one."""
    clock = clock or Clock(moment(options.now))
    clock.freeze()  # how long this takes must not show in it
    workspace = Workspace(clock, options)
    dice = Dice(options.seed)
    rhythm = Rhythm(clock.now())
    workspace.describe(id_code=f"sim{options.seed:05d}", name=f"Simulated workspace {options.seed}")
    add_staff(workspace, dice)
    add_labels(workspace, dice)
    add_data_attributes(workspace)
    add_ticket_types(workspace, dice)
    # Millions of new objects and no garbage: the collector would only walk them again and again.
    gc.disable()
    try:
        add_companies(workspace, dice, rhythm, options.companies)
        add_contacts(workspace, dice, rhythm, options.contacts)
        add_conversations(workspace, dice, rhythm, options.conversations if options.contacts else 0)
        add_tickets(workspace, dice, rhythm, options.tickets if options.contacts else 0)
        update_contacts(workspace, rhythm.now)
        remove_some(workspace, dice)
        _add_rest(workspace, dice, rhythm, options)
    finally:
        gc.enable()
        gc.freeze()
    clock.resume()
    return workspace


def _add_rest(workspace: Workspace, dice: Dice, rhythm: Rhythm, options: Options) -> None:
    add_help_center(workspace, dice, rhythm, count_collections=options.collections, count_articles=options.articles)
    add_news(workspace, dice, rhythm, count_feeds=options.newsfeeds, count_items=options.news_items)
    add_activity_logs(workspace, dice, rhythm, options.activity_logs)
    add_events(workspace, dice)
    add_visitors(workspace, dice, rhythm, options.visitors)
    add_messages(workspace, dice, options.messages)
