"""The console's demo and the simulated phones tell of the same people and templates."""

from simulator import demo as simulated
from waconsole.demo_data import customers
from waconsole.demo_data.templates import TEMPLATES


def test_the_customers_are_the_same() -> None:
    assert customers.NAMES == simulated.CUSTOMERS


def test_the_templates_are_the_same() -> None:
    theirs = {
        name: (category, status, parts) for name, category, status, parts in simulated.TEMPLATES
    }
    assert theirs == TEMPLATES
