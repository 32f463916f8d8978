"""The same people as in the tests of conversations."""

from tests.chat.conftest import amina, chantal, dirk, elsewhere, group, group_circle  # noqa: F401  # fixtures are found by their names here
