import pytest

from accounts import policy
from accounts.models import Person, Role

SUPPORTED = {"participant", "buddy"}
ALL = {role.value for role in Role}
NOBODY: set[str] = set()


def person(role: Role) -> Person:
    return Person(role=role)


# Whom somebody in each role may add, invite and suspend; written out once more, so that a slip in the policy shows.
REACH = {
    "participant": NOBODY,
    "buddy": NOBODY,
    "coordinator": SUPPORTED,
    "moderator": NOBODY,
    "lead": SUPPORTED,
    "reviewer": NOBODY,
    "auditor": NOBODY,
    "administrator": ALL,
}


@pytest.mark.parametrize("by", Role)
@pytest.mark.parametrize("other", Role)
class TestReach:
    def test_is_what_the_table_says(self, by: Role, other: Role) -> None:
        actor, subject = person(by), person(other)
        reaches = other.value in REACH[by.value]

        assert policy.may_add(actor, other) is reaches
        assert policy.may_invite(actor, subject) is reaches
        assert policy.may_suspend(actor, subject) is reaches
        assert policy.may_change(actor, subject) is reaches
        assert policy.may_sign_out(actor, subject) is reaches

    def test_of_the_operator_has_no_end(self, by: Role, other: Role) -> None:
        assert policy.may_invite(None, person(other))
        assert policy.may_suspend(None, person(other))


@pytest.mark.parametrize("role", Role)
class TestOneself:
    def test_may_be_changed_and_signed_out_and_never_suspended(self, role: Role) -> None:
        me = person(role)

        assert policy.may_change(me, me)
        assert policy.may_sign_out(me, me)
        assert not policy.may_suspend(me, me)

    def test_gets_another_phone_in_only_as_one_who_answers_for_others(self, role: Role) -> None:
        me = person(role)

        assert policy.may_invite(me, me) is (role.value in {"coordinator", "lead", "administrator"})
