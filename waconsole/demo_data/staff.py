"""The demo's logins: one for each group, and one who may do everything."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User

SUPERUSER = "Superuser"  # no group: shown beside the login


@dataclass(frozen=True)
class Login:
    """Who may log in. The password is for a demo on one machine, and known to everybody."""

    username: str
    password: str
    group: str


@dataclass(frozen=True)
class Person:
    """A member of staff."""

    username: str
    first_name: str
    last_name: str
    group: str

    @property
    def login(self) -> Login:
        return Login(self.username, f"demo-{self.username}", self.group)


STAFF = (
    Person("sam", "Sam", "Mokoena", "Agent"),
    Person("kim", "Kim", "Jacobs", "Supervisor"),
    Person("priya", "Priya", "Naidoo", "Billing"),
    Person("admin", "Alex", "Admin", SUPERUSER),
)


def logins() -> list[Login]:
    """Those of the demo's logins that this database has."""
    there = set(User.objects.values_list("username", flat=True))
    return [person.login for person in STAFF if person.username in there]


def add() -> dict[str, User]:
    """Everybody, by user name. A login of that name that stands already is left alone."""
    return {person.username: _user(person) for person in STAFF}


def _user(person: Person) -> User:
    if user := User.objects.filter(username=person.username).first():
        return user
    user = User.objects.create_user(
        person.username,
        password=person.login.password,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=True,
        is_superuser=person.group == SUPERUSER,
    )
    if person.group != SUPERUSER:
        user.groups.add(Group.objects.get(name=person.group))
    return user
