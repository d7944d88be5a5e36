"""A person comes by a link that works once and is kept as a hash."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import Invitation, User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed
from apps.notifications import rendering
from apps.notifications.models import OutboxMessage
from tests.people import MORNING, PASSWORD, People


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with clock.frozen(MORNING):
        yield


def invited(people: People, email: str = "new@example.org") -> tuple[User, str]:
    return services.invite(actor=people.saltanat, email=email, language="ky", at=MORNING)


def accept(token: str, **given: Any) -> User:
    return services.accept_invitation(
        token=token,
        **{"full_name": "Нургүл Өмүрова", "password": PASSWORD, "language": "ky", "at": MORNING, **given},
    )


@pytest.mark.parametrize("who", ["nurlan", "asel", "gulnara", "bakyt"])
def test_nobody_but_an_administrator_invites(people: People, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.invite(actor=getattr(people, who), email="new@example.org", language="ky", at=MORNING)

    assert not User.objects.filter(email="new@example.org").exists()


def test_an_invited_person_cannot_sign_in_before_the_link_is_used(people: People) -> None:
    user, _token = invited(people)

    assert not user.has_usable_password()


def test_the_secret_is_kept_nowhere(people: People) -> None:
    user, token = invited(people)

    stored = " ".join(
        str(row)
        for model in (Invitation, OutboxMessage, JournalEntry, User)
        for row in model.objects.values_list()
    )
    assert token not in stored
    assert Invitation.objects.get(user=user).token_hash != token


def test_the_letter_carries_the_link(people: People) -> None:
    _user, token = invited(people)

    letter = rendering.render(OutboxMessage.objects.get(template="accounts.invitation"))

    assert f"/ky/invitations/{token}/" in letter.text
    assert token in letter.html


def test_the_link_works_once(people: People) -> None:
    user, token = invited(people)

    accept(token)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.full_name == "Нургүл Өмүрова"
    with pytest.raises(services.InvitationNotUsable):
        accept(token, password="another-long-password")


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(days=14) - timedelta(microseconds=1), True), (timedelta(days=14), False)]
)
def test_the_link_lives_fourteen_days(people: People, after: timedelta, works: bool) -> None:
    _user, token = invited(people)

    if works:
        accept(token, at=MORNING + after)
    else:
        with pytest.raises(services.InvitationNotUsable):
            accept(token, at=MORNING + after)


def test_a_new_link_stops_the_earlier_one(people: People) -> None:
    user, first = invited(people)

    second = services.resend_invitation(
        actor=people.saltanat, user_id=user.pk, at=MORNING + timedelta(hours=1)
    )

    with pytest.raises(services.InvitationNotUsable):
        accept(first, at=MORNING + timedelta(hours=2))
    accept(second, at=MORNING + timedelta(hours=2))


def test_a_revoked_link_does_not_work(people: People) -> None:
    user, token = invited(people)

    services.revoke_invitation(actor=people.saltanat, user_id=user.pk, at=MORNING)

    with pytest.raises(services.InvitationNotUsable):
        accept(token)


def test_a_weak_password_opens_nothing_and_leaves_the_link(people: People) -> None:
    _user, token = invited(people)

    with pytest.raises(InvalidInput) as refusal:
        accept(token, password="123456789012")

    assert refusal.value.fields["password"]
    accept(token)


def test_who_has_a_password_is_not_invited_again(people: People) -> None:
    with pytest.raises(TransitionNotAllowed):
        services.invite(actor=people.saltanat, email="NURLAN@example.org", language="ru", at=MORNING)


def test_two_accounts_never_share_an_address(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Nurlan@Example.org", created_at=MORNING)


def test_opening_the_page_changes_nothing(people: People, client: Any) -> None:
    user, token = invited(people)

    page = client.get(f"/ky/invitations/{token}/")

    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert Invitation.objects.get(user=user).used_at is None


def test_the_page_opens_the_account(people: People, client: Any) -> None:
    user, token = invited(people)

    answer = client.post(
        f"/ky/invitations/{token}/",
        {"full_name": "Нургүл Өмүрова", "language": "ru", "password": PASSWORD, "password_again": PASSWORD},
    )

    assert (answer.status_code, answer["Location"]) == (302, "/ky/login/")
    user.refresh_from_db()
    assert (user.language, user.check_password(PASSWORD)) == ("ru", True)


def test_the_page_keeps_what_was_typed_when_the_passwords_differ(people: People, client: Any) -> None:
    _user, token = invited(people)

    answer = client.post(
        f"/ru/invitations/{token}/",
        {"full_name": "Нургүл Өмүрова", "language": "ru", "password": PASSWORD, "password_again": "x"},
    )

    assert answer.status_code == 400
    assert "Нургүл Өмүрова" in answer.content.decode()


def test_an_unknown_link_is_a_page_of_its_own(db: Any, client: Any) -> None:
    assert client.get(reverse("invitation", args=["0" * 64])).status_code == 404
