"""What stands in the menu, and for whom."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Person, Role
from moderation.permissions import Permission, permissions_of


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the console: its address by name, what it is called, what it is for, and what one must be allowed to do."""

    name: str
    label: str
    about: str
    needed: Permission

    @property
    def address(self) -> str:
        return reverse(self.name)


ITEMS = (
    Item("console:queue", "Dossiers", "Wat gemeld of opgemerkt is, met wat eerst moet bovenaan.", Permission.SEE_QUEUE),
    Item("console:circles", "Mijn kringen", "Vragen van deelnemers en buddy’s, en hoe het in je kringen gaat.", Permission.SEE_CIRCLES),
    Item(
        "console:appeals",
        "In beroep",
        "Wie het niet eens is met een beslissing. Je ziet alleen wat jij mag bekijken.",
        Permission.DECIDE_APPEAL,
    ),
    Item("console:roster", "Rooster", "Wie er wanneer is, en wie vervangt.", Permission.SEE_ROSTER),
    Item("console:workload", "Werklast", "Hoeveel er wacht, en hoe het gaat.", Permission.SEE_WORKLOAD),
    Item("console:lists", "Woordenlijsten", "Waar de screening op let.", Permission.SEE_LISTS),
    Item("console:rules", "Keuzes", "Termijnen, groepen die eerst bekeken worden, en teksten.", Permission.CHANGE_TEMPLATES),
    Item(
        "console:audit",
        "Logboek",
        "Wie van de medewerkers wat deed, en het bewijs dat daar niets aan veranderd is.",
        Permission.VERIFY_AUDIT,
    ),
)


def menu_of(person: Person) -> list[Item]:
    """The pages that somebody may open, in the order of the menu."""
    held = permissions_of(person)
    return [item for item in ITEMS if item.needed in held]


def uses_the_office(person: Person) -> bool:
    """Whether the back office, where people and circles are looked after, has anything for them."""
    role = Role(person.role)
    return role.answers_for_circles or role is Role.ADMINISTRATOR
