from django.urls import path

from .views import administration as views
from .views import leave, personal_data, roles, rules

_ONE = "administration/organizations/<slug:code>/"
_PROPOSAL = "administration/roles/proposals/<int:proposal_id>/"
_SUBSTITUTION = "leave/<int:substitution_id>/"
_PERSON = "administration/people/<int:user_id>/"

urlpatterns = [
    path("administration/", views.organization_admin, name="organization_admin"),
    path("administration/new/", views.organization_new, name="organization_new"),
    path(_ONE, views.organization_page, name="organization_page"),
    path(_ONE + "edit/", views.organization_edit, name="organization_edit"),
    path(_ONE + "close/", views.organization_close, name="organization_close"),
    path(_ONE + "reopen/", views.organization_reopen, name="organization_reopen"),
    path(_ONE + "invitation/", views.person_invite, name="person_invite"),
    path(_ONE + "people/<int:user_id>/role/", views.role_grant, name="role_grant"),
    path("administration/roles/<int:membership_id>/end/", views.role_end, name="role_end"),
    path("administration/roles/", roles.role_proposals, name="role_proposals"),
    path(_PROPOSAL, roles.role_proposal, name="role_proposal"),
    path(_PROPOSAL + "confirm/", roles.role_confirm, name="role_confirm"),
    path(_PROPOSAL + "refuse/", roles.role_refuse, name="role_refuse"),
    path(_PROPOSAL + "withdraw/", roles.role_withdraw, name="role_withdraw"),
    path(_PERSON, views.person, name="person"),
    path(_PERSON + "deactivate/", views.person_deactivate, name="person_deactivate"),
    path(_PERSON + "erase/", personal_data.person_erase, name="person_erase"),
    path("administration/personal-data/", personal_data.personal_data, name="personal_data"),
    path(_PERSON + "reactivate/", views.person_reactivate, name="person_reactivate"),
    path(_PERSON + "invitation/resend/", views.invitation_resend, name="invitation_resend"),
    path(_PERSON + "invitation/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("leave/", leave.leave, name="leave"),
    path("leave/roles/<int:membership_id>/", leave.substitute_name, name="substitute_name"),
    path(_SUBSTITUTION, leave.substitution, name="substitution"),
    path(_SUBSTITUTION + "confirm/", leave.substitution_confirm, name="substitution_confirm"),
    path(_SUBSTITUTION + "refuse/", leave.substitution_refuse, name="substitution_refuse"),
    path(_SUBSTITUTION + "withdraw/", leave.substitution_withdraw, name="substitution_withdraw"),
    path("rules/", rules.rules_page, name="rules"),
    path("rules/accept/", rules.rules_accept, name="rules_accept"),
]
