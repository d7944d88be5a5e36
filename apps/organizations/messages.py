"""Letters about organisations and roles."""

from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.messages import invitation_part
from apps.accounts.models import Invitation
from apps.core import dates
from apps.notifications.registry import letter, link

from .models import Membership, Organization, RoleProposal, RulesAcceptance, Substitution


@letter("organizations.invitation", secret=True)
def invited(payload: dict[str, Any], language: str) -> dict[str, Any]:
    body = Organization.objects.get(pk=payload["organization"])
    person = Invitation.objects.get(pk=payload["invitation"]).user
    roles = [
        str(membership.get_role_display())
        for membership in body.memberships.filter(user=person, valid_to=None).order_by("pk")
    ]
    proposed = [
        str(proposal.get_role_display())
        for proposal in body.role_proposals.filter(user=person, outcome="").order_by("pk")
    ]
    part = invitation_part(payload)
    words = {"organization": body.name(language), "roles": ", ".join(roles), "proposed": ", ".join(proposed)}
    return {
        **part,
        "subject": _("Invitation to Makuldashuu: %(organization)s") % words,
        "heading": _("You are invited to the portal Makuldashuu"),
        "paragraphs": [
            _("On this portal draft acts are agreed with associations of local self-government bodies."),
            _("Your organisation: %(organization)s. Your role: %(roles)s.") % words
            if roles
            else _("Your organisation: %(organization)s.") % words,
            _("Proposed for you, and in force once a second administrator confirms it: %(proposed)s.") % words
            if proposed
            else "",
            *part["paragraphs"],
        ],
    }


@letter("organizations.role_granted")
def role_granted(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _words(payload, language)
    return {
        "subject": _("You have a new role: %(role)s") % words,
        "heading": _("You have a new role: %(role)s") % words,
        "paragraphs": [
            _("Organisation: %(organization)s.") % words,
            _("The role works from %(from)s. You see what waits for you after signing in.") % words,
        ],
        "action_url": link("account_login"),
        "action_label": _("Sign in"),
    }


@letter("organizations.role_ended", to_inactive=True)
def role_ended(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _words(payload, language)
    return {
        "subject": _("Your role has ended: %(role)s") % words,
        "heading": _("Your role has ended: %(role)s") % words,
        "paragraphs": [
            _("Organisation: %(organization)s.") % words,
            _("What you filed and signed stays as it is. If this is a mistake, tell the administrator."),
        ],
    }


def _words(payload: dict[str, Any], language: str) -> dict[str, str]:
    membership = Membership.objects.select_related("organization").get(pk=payload["membership"])
    return {
        "role": str(membership.get_role_display()),
        "organization": membership.organization.name(language),
        "from": dates.datetime_words(membership.valid_from),
    }


# --- proposals of power roles ---------------------------------------------------------------------------


def _proposal_words(payload: dict[str, Any], language: str) -> dict[str, str]:
    proposal = RoleProposal.objects.select_related("user", "organization", "proposed_by", "decided_by").get(
        pk=payload["proposal"]
    )
    return {
        "role": str(proposal.get_role_display()),
        "person": str(proposal.user),
        "organization": proposal.organization.name(language),
        "proposer": str(proposal.proposed_by),
        "decider": str(proposal.decided_by or ""),
        "until": dates.datetime_words(proposal.expires_at),
        "reason": proposal.reason,
    }


def _about(words: dict[str, str]) -> str:
    return _("Person: %(person)s. Role: %(role)s. Organisation: %(organization)s.") % words


@letter("organizations.role_proposed")
def role_proposed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _proposal_words(payload, language)
    return {
        "subject": _("A role awaits your confirmation: %(role)s") % words,
        "heading": _("A role awaits your confirmation"),
        "paragraphs": [
            _about(words),
            _("%(proposer)s proposed it. It gives nothing until another administrator confirms it.") % words,
            _("The proposal waits until %(until)s.") % words,
        ],
        "action_url": link("role_proposal", payload["proposal"]),
        "action_label": _("Confirm or refuse"),
    }


@letter("organizations.role_proposed_to_you")
def role_proposed_to_you(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _proposal_words(payload, language)
    return {
        "subject": _("A role is proposed for you: %(role)s") % words,
        "heading": _("A role is proposed for you: %(role)s") % words,
        "paragraphs": [
            _("Organisation: %(organization)s.") % words,
            _("It begins when a second administrator has confirmed it. You need not do anything."),
        ],
    }


@letter("organizations.role_confirmed")
def role_confirmed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _proposal_words(payload, language)
    return {
        "subject": _("A role is given: %(role)s") % words,
        "heading": _("A role is given"),
        "paragraphs": [
            _about(words),
            _("%(proposer)s proposed it, %(decider)s confirmed it. It works from now on.") % words,
            _("If you took no part in this, end the role at once and tell the other administrators."),
        ],
        "action_url": link("role_proposal", payload["proposal"]),
        "action_label": _("See the role"),
    }


@letter("organizations.role_refused")
def role_refused(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _proposal_words(payload, language)
    return {
        "subject": _("A role is not given: %(role)s") % words,
        "heading": _("A role is not given"),
        "paragraphs": [
            _about(words),
            _("%(proposer)s proposed it, %(decider)s refused it. Reason: %(reason)s") % words,
        ],
        "action_url": link("role_proposal", payload["proposal"]),
        "action_label": _("See the proposal"),
    }


@letter("organizations.role_not_given")
def role_not_given(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _proposal_words(payload, language)
    return {
        "subject": _("A role proposed for you is not given: %(role)s") % words,
        "heading": _("A role proposed for you is not given: %(role)s") % words,
        "paragraphs": [
            _("Organisation: %(organization)s.") % words,
            _("Reason: %(reason)s") % words
            if words["reason"]
            else _("The administrator who proposed it took the proposal back."),
            _("Your other roles stay as they are."),
        ],
    }


@letter("organizations.administrator_added")
def administrator_added(payload: dict[str, Any], language: str) -> dict[str, Any]:
    membership = Membership.objects.select_related("user").get(pk=payload["membership"])
    words = {"person": str(membership.user), "moment": dates.datetime_words(membership.valid_from)}
    return {
        "subject": _("An administrator was added on the server"),
        "heading": _("An administrator was added on the server"),
        "paragraphs": [
            _("%(person)s administers the portal from %(moment)s, by a command on its server.") % words,
            _("If nobody told you of it, speak to those who run the server, and end the role if need be."),
        ],
        "action_url": link("person", membership.user_id),
        "action_label": _("See the person"),
    }


# --- leave and substitution ----------------------------------------------------------------------------


def _substitution(payload: dict[str, Any]) -> Substitution:
    return Substitution.objects.select_related("absent", "substitute", "organization").get(
        pk=payload["substitution"]
    )


def _substitution_words(found: Substitution, language: str) -> dict[str, str]:
    return {
        "absent": str(found.absent),
        "substitute": str(found.substitute),
        "role": str(found.get_role_display()),
        "organization": found.organization.name(language),
        "first": dates.date_words(found.starts_at),
        "last": dates.date_words(found.last_day),
        "reason": found.reason,
    }


def _who_and_when(words: dict[str, str]) -> list[str]:
    return [
        _("On leave: %(absent)s. Substitute: %(substitute)s.") % words,
        _("Role: %(role)s. Organisation: %(organization)s.") % words,
        _("From %(first)s to %(last)s, both days included.") % words,
    ]


@letter("organizations.substitution_named")
def substitution_named(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _substitution(payload)
    return {
        "subject": _("A substitute is named for the time of a leave"),
        "heading": _("A substitute is named for the time of a leave"),
        "paragraphs": [
            *_who_and_when(_substitution_words(found, language)),
            _("It begins when two administrators have confirmed it.")
            if found.needs_administrators
            else _("In these days the substitute has this role with its rights and letters."),
            _("What the substitute does is shown and recorded as done for the person on leave."),
            _("It ends by itself after the last day; either of you can end it earlier."),
        ],
        "action_url": link("substitution", found.pk),
        "action_label": _("See the substitution"),
    }


@letter("organizations.substitution_to_confirm")
def substitution_to_confirm(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _substitution(payload)
    return {
        "subject": _("A substitute awaits your confirmation"),
        "heading": _("A substitute awaits your confirmation"),
        "paragraphs": [
            *_who_and_when(_substitution_words(found, language)),
            _("Two administrators confirm; until then the substitute has no rights of this role."),
        ],
        "action_url": link("substitution", found.pk),
        "action_label": _("Confirm or refuse"),
    }


@letter("organizations.substitution_confirmed")
def substitution_confirmed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _substitution(payload)
    return {
        "subject": _("A substitute is confirmed"),
        "heading": _("A substitute is confirmed"),
        "paragraphs": [
            *_who_and_when(_substitution_words(found, language)),
            _("In these days the substitute has this role with its rights and letters."),
        ],
        "action_url": link("substitution", found.pk),
        "action_label": _("See the substitution"),
    }


@letter("organizations.substitution_refused")
def substitution_refused(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _substitution(payload)
    words = _substitution_words(found, language)
    return {
        "subject": _("A substitute is refused"),
        "heading": _("A substitute is refused"),
        "paragraphs": [*_who_and_when(words), _("Reason: %(reason)s") % words],
        "action_url": link("substitution", found.pk),
        "action_label": _("See the substitution"),
    }


@letter("organizations.substitution_ended")
def substitution_ended(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _substitution(payload)
    return {
        "subject": _("A substitution ended early"),
        "heading": _("A substitution ended early"),
        "paragraphs": [
            *_who_and_when(_substitution_words(found, language)),
            _("It works no more. What was done until then stays as it is."),
        ],
        "action_url": link("substitution", found.pk),
        "action_label": _("See the substitution"),
    }


@letter("organizations.closed")
def closed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = {"organization": Organization.objects.get(pk=payload["organization"]).name(language)}
    return {
        "subject": _("Your organisation takes part no more: %(organization)s") % words,
        "heading": _("Your organisation takes part no more"),
        "paragraphs": [
            _("An administrator of the portal closed the organisation %(organization)s.") % words,
            _("What you filed and signed stays as it is. If this is a mistake, tell the administrator."),
        ],
    }


@letter("organizations.reopened")
def reopened(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = {"organization": Organization.objects.get(pk=payload["organization"]).name(language)}
    return {
        "subject": _("Your organisation takes part again: %(organization)s") % words,
        "heading": _("Your organisation takes part again"),
        "paragraphs": [_("Your roles in the organisation %(organization)s work as before.") % words],
        "action_url": link("account_login"),
        "action_label": _("Sign in"),
    }


@letter("organizations.rules_accepted")
def rules_accepted(payload: dict[str, Any], language: str) -> dict[str, Any]:
    acceptance = RulesAcceptance.objects.select_related("organization", "accepted_by").get(
        pk=payload["acceptance"]
    )
    words = {
        "organization": acceptance.organization.name(language),
        "person": str(acceptance.accepted_by),
        "moment": dates.datetime_words(acceptance.accepted_at),
        "version": acceptance.version,
    }
    return {
        "subject": _("The rules of signing are accepted: %(organization)s") % words,
        "heading": _("The rules of signing are accepted"),
        "paragraphs": [
            _("%(person)s accepted version %(version)s of the rules for %(organization)s on %(moment)s.")
            % words,
            _("From now on the signatories of the organisation can sign in the portal."),
        ],
        "action_url": link("rules"),
        "action_label": _("Read the rules"),
    }
