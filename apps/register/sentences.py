"""The words of the journal and of the outbox, in one place: actions as sentences, letters and jobs by name.

The journal keeps codes; a reader sees what happened. An action that is not here is shown by its code, and a test
names it.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .selectors.records import SENTENCES as PUBLIC

ACTIONS: dict[str, Any] = {
    **PUBLIC,
    # --- preparing
    "act.created": _("%(who)s began a draft."),
    "act.deleted": _("%(who)s deleted a draft that was not registered."),
    "attachment.added": _("%(who)s added a paper."),
    "attachment.removed": _("%(who)s removed a paper."),
    "attachment.restricted_unpublished": _("%(who)s restricted a paper before it became public."),
    "attachment.opened_unpublished": _("%(who)s lifted the restriction of a paper that is not public yet."),
    "text.uploaded": _("%(who)s uploaded a text."),
    "text.confirmed": _("%(who)s confirmed how a text was recognised."),
    "text.mended": _("%(who)s mended how a text was recognised."),
    "text.mending_undone": _("%(who)s took back a step of mending a text."),
    "norms.found": _("The portal looked for reference norms in a text."),
    "norm.confirmed_unpublished": _("%(who)s confirmed a reference norm of a text that is not public yet."),
    "norm.dismissed_unpublished": _("%(who)s dismissed a reference norm of a text that is not public yet."),
    "norm.added_unpublished": _("%(who)s added a reference norm to a text that is not public yet."),
    "norm.tied_unpublished": _("%(who)s named the bylaw draft of a reference norm; not public yet."),
    "norm.untied_unpublished": _("%(who)s untied a reference norm from a draft; not public yet."),
    "package.made_unpublished": _("%(who)s made a package that is not public yet."),
    "package.added_unpublished": _("%(who)s put a draft into a package; not public yet."),
    "package.removed_unpublished": _("%(who)s took a draft out of a package; not public yet."),
    "function.entered": _("%(who)s entered a function into the function card."),
    "function.changed": _("%(who)s changed a function of the function card."),
    "function.removed": _("%(who)s took a function out of the function card."),
    "function.none": _("%(who)s stated that the act changes no function."),
    "version.begun": _("%(who)s began the next version."),
    "proposals.merged": _("%(who)s made the next version of accepted proposals."),
    "text.to_translate": _("Provisions of a text were marked as still to be translated."),
    "version.discarded": _("%(who)s discarded a version that was not published."),
    # --- consultation
    "opinion.handed_over": _("%(who)s handed its opinion over for countersignature."),
    "opinion.given_back": _("%(who)s gave its opinion back for changes."),
    "reminder.sent": _("A reminder was sent."),
    "meeting.recorded": _("The conciliation meeting was recorded."),
    "point.outcome_entered": _("The outcome of a point was entered."),
    "protocol.annulled": _("The protocol %(number)s was annulled before both signatures."),
    "paper.sent": _("%(who)s entered an opinion from paper and asked the association to confirm it."),
    "paper.disputed": _("%(who)s disputed what was entered from its paper."),
    "paper.discarded": _("%(who)s took back what it had entered from paper."),
    # --- the register of outages
    "outage.noted": _("The outage No. %(number)s of the portal was noted."),
    "outage.confirmed": _("%(who)s confirmed the outage No. %(number)s of the portal."),
    "outage.refused": _("%(who)s did not confirm the outage No. %(number)s of the portal."),
    "maintenance.announced": _("An administrator announced maintenance of the portal."),
    "maintenance.withdrawn": _("An administrator withdrew an announcement of maintenance."),
    # --- documents
    "document.stored": _("A document was entered in the register."),
    "document.sealed": _("The file of the document %(number)s was made and sealed."),
    "document.annulled": _("The document %(number)s was annulled."),
    "dossier.built": _("The dossier was downloaded."),
    # --- organisations and people
    "organization.created": _("%(who)s was entered as an organisation."),
    "organization.changed": _("The entry of %(who)s was changed."),
    "organization.closed": _("%(who)s was closed."),
    "organization.reopened": _("%(who)s was opened again."),
    "rules.accepted": _("%(who)s accepted the rules of signing."),
    "role.granted": _("A role in %(who)s was given."),
    "role.proposed": _("A role in %(who)s was proposed; another administrator decides."),
    "role.refused": _("A proposed role in %(who)s was refused."),
    "role.proposal_withdrawn": _("A proposal of a role in %(who)s was taken back."),
    "role.ended": _("A role in %(who)s was ended."),
    "substitution.named": _("A substitute in %(who)s was named for the time of a leave."),
    "substitution.approved": _("The first administrator confirmed a substitute in %(who)s."),
    "substitution.confirmed": _("A substitute in %(who)s was confirmed by two administrators."),
    "substitution.refused": _("A substitute in %(who)s was refused."),
    "substitution.withdrawn": _("A substitution in %(who)s was ended early."),
    "person.created": _("An account was made for a person."),
    "person.changed": _("A person changed the own name or language."),
    "person.deactivated": _("An account was closed."),
    "person.contacts_erased": _("The contacts of a closed account were erased."),
    "person.reactivated": _("An account was opened again."),
    "invitation.sent": _("An invitation was sent."),
    "invitation.accepted": _("A person accepted an invitation."),
    "invitation.revoked": _("An invitation was revoked."),
    "password.changed": _("A person changed the password."),
    "second_factor.added": _("A second factor was set up."),
    "second_factor.removed": _("A second factor was taken away."),
    "second_factor.recovery_codes_made": _("Recovery codes were made."),
    "second_factor.recovery_code_used": _("A recovery code was used."),
    "second_factor.asked_again": _("The second factor was shown again before a signature."),
    "second_factor.guessed": _("Wrong codes were tried on an account."),
    # --- side effects
    "letter.retried": _("An administrator had a letter sent again."),
    "job.retried": _("An administrator had a document made again."),
}


def sentence(action: str, *, who: str = "…", data: dict[str, Any] | None = None) -> str:
    """What happened, in the language of the reader."""
    known = ACTIONS.get(action)
    if known is None:
        return action
    values = data or {}
    number, version = values.get("number") or "…", values.get("version") or "…"
    return str(known) % {"who": who or "–", "number": number, "version": version}


LETTERS: dict[str, Any] = {
    "accounts.invitation": _("Invitation"),
    "accounts.password_reset": _("A new password"),
    "accounts.password_changed": _("The password was changed"),
    "accounts.second_factor_added": _("A second factor was set up"),
    "accounts.second_factor_removed": _("A second factor was taken away"),
    "accounts.recovery_code_used": _("A recovery code was used"),
    "accounts.recovery_codes_made": _("New recovery codes were made"),
    "accounts.codes_guessed": _("Somebody tries codes on an account"),
    "accounts.deactivated": _("The account is closed"),
    "accounts.reactivated": _("The account is open again"),
    "organizations.invitation": _("Invitation to an organisation"),
    "organizations.role_granted": _("A role was given"),
    "organizations.role_ended": _("A role has ended"),
    "organizations.role_proposed": _("A role awaits confirmation"),
    "organizations.role_proposed_to_you": _("A role is proposed"),
    "organizations.role_confirmed": _("A role is confirmed"),
    "organizations.role_refused": _("A role is refused"),
    "organizations.role_not_given": _("A proposed role is not given"),
    "organizations.administrator_added": _("An administrator was added on the server"),
    "organizations.substitution_named": _("A substitute is named"),
    "organizations.substitution_to_confirm": _("A substitute awaits confirmation"),
    "organizations.substitution_confirmed": _("A substitute is confirmed"),
    "organizations.substitution_refused": _("A substitute is refused"),
    "organizations.substitution_ended": _("A substitution ended early"),
    "organizations.closed": _("The organisation is closed"),
    "organizations.reopened": _("The organisation is open again"),
    "organizations.rules_accepted": _("The rules of signing are accepted"),
    "draft_acts.registered": _("The draft is registered"),
    "draft_acts.withdrawn": _("The draft is withdrawn"),
    "reviews.opened": _("A consultation is opened"),
    "reviews.acknowledged": _("The delivery is acknowledged"),
    "reviews.reminder": _("Reminder of a term"),
    "reviews.expired_tacit": _("A term expired without objection"),
    "reviews.opinion_ready": _("An opinion waits for countersignature"),
    "reviews.opinion_returned": _("An opinion was given back"),
    "reviews.opinion_filed": _("An opinion is filed"),
    "reviews.receipt": _("Receipt of an opinion"),
    "reviews.answers_sent": _("Answers to the remarks"),
    "reviews.late_answered": _("Answers to a late opinion"),
    "reviews.replies_sent": _("Replies to the answers"),
    "reviews.conciliation": _("A conciliation meeting is due"),
    "reviews.unanswered": _("Remarks were not answered in time"),
    "reviews.unreplied": _("Answers got no reply in time"),
    "reviews.called_off": _("A meeting is not needed any more"),
    "reviews.remark_withdrawn": _("A remark is withdrawn"),
    "reviews.promise_lost": _("A promise is lost in a later text"),
    "reviews.places_lost": _("Remarks without a place in a later text"),
    "reviews.place_settled": _("The place of a remark is settled"),
    "reviews.term_moved": _("A last day is moved by an outage"),
    "reviews.term_kept": _("An outage is confirmed, a term stays"),
    "deadlines.outage_noted": _("An outage awaits a decision"),
    "reviews.paper_awaiting": _("An opinion from paper awaits confirmation"),
    "reviews.paper_disputed": _("An opinion from paper is disputed"),
    "reviews.paper_discarded": _("An opinion from paper is taken back"),
    "reviews.expiry_decided": _("The effect of a term is decided"),
    "protocols.to_sign": _("A protocol waits for signature"),
    "protocols.annulled": _("A protocol is annulled"),
    "protocols.signed": _("A protocol is signed"),
    "passage.certificate_issued": _("A certificate is issued"),
    "passage.decision_recorded": _("A decision is recorded"),
    "register.digest": _("Daily digest of problems"),
}
JOBS: dict[str, Any] = {"documents.render": _("Making the file of a document")}


def side_effect(template: str, task: str) -> str:
    """A letter or a job by name; one that is not known here by its code."""
    return str(LETTERS.get(template, template) if template else JOBS.get(task, task))
