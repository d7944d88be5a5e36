"""Addresses of draft acts: /acts/prepare/<token>/ is closed, /acts/<number>/ public. Verbs come last."""

from django.urls import path

from .views import files, functions, mending, norms, packages, preparing, registration, restrictions

PREPARE = "acts/prepare/<slug:token>/"

urlpatterns = [
    path("acts/new/", preparing.act_new, name="act_new"),
    path("acts/sample/<slug:language>/", files.act_sample, name="act_sample"),
    path(PREPARE, preparing.act_prepare, name="act_prepare"),
    path(f"{PREPARE}save/", preparing.act_save, name="act_save"),
    path(f"{PREPARE}delete/", preparing.act_delete, name="act_delete"),
    path(f"{PREPARE}text/<slug:language>/", preparing.act_text_check, name="act_text_check"),
    path(f"{PREPARE}text/<slug:language>/file/", files.act_prepare_file, name="act_prepare_file"),
    path(f"{PREPARE}text/<slug:language>/upload/", preparing.act_text_upload, name="act_text_upload"),
    path(
        f"{PREPARE}text/<slug:language>/export.<slug:form>",
        files.act_prepare_export,
        name="act_prepare_export",
    ),
    path(f"{PREPARE}text/<slug:language>/mend/", mending.act_text_mend, name="act_text_mend"),
    path(f"{PREPARE}text/<slug:language>/undo/", mending.act_text_undo, name="act_text_undo"),
    path(f"{PREPARE}text/<slug:language>/confirm/", preparing.act_text_confirm, name="act_text_confirm"),
    path(f"{PREPARE}papers/add/", preparing.act_attachment_add, name="act_attachment_add"),
    path(
        f"{PREPARE}papers/<int:attachment_id>/", files.act_prepare_attachment, name="act_prepare_attachment"
    ),
    path(
        f"{PREPARE}papers/<int:attachment_id>/remove/",
        preparing.act_attachment_remove,
        name="act_attachment_remove",
    ),
    path(
        f"{PREPARE}papers/<int:attachment_id>/restrict/",
        restrictions.act_prepare_restrict,
        name="act_prepare_restrict",
    ),
    path(
        f"{PREPARE}papers/<int:attachment_id>/open/", restrictions.act_prepare_open, name="act_prepare_open"
    ),
    path(f"{PREPARE}norms/", norms.act_prepare_norms, name="act_prepare_norms"),
    path(f"{PREPARE}norms/add/", norms.act_prepare_norm_add, name="act_prepare_norm_add"),
    path(f"{PREPARE}functions/", functions.act_prepare_functions, name="act_prepare_functions"),
    path(f"{PREPARE}functions/new/", functions.function_new, name="function_new"),
    path(f"{PREPARE}functions/none/", functions.functions_none, name="functions_none"),
    path(f"{PREPARE}functions/<int:number>/", functions.function_edit, name="function_edit"),
    path(f"{PREPARE}functions/<int:number>/remove/", functions.function_remove, name="function_remove"),
    path(f"{PREPARE}package/", packages.act_prepare_package, name="act_prepare_package"),
    path(f"{PREPARE}package/make/", packages.package_make, name="package_make"),
    path(f"{PREPARE}package/add/", packages.package_add, name="package_add"),
    path(f"{PREPARE}package/remove/", packages.package_remove, name="package_remove"),
    path(f"{PREPARE}package/tie/", packages.package_tie, name="package_tie"),
    path(f"{PREPARE}register/", registration.act_register, name="act_register"),
    path(f"{PREPARE}discard/", registration.act_version_discard, name="act_version_discard"),
    path(
        "acts/<str:number>/v<int:version>/text-<slug:language>.<slug:form>",
        files.act_version_export,
        name="act_version_export",
    ),
    path("acts/<str:number>/texts/<slug:language>/", files.act_text_file, name="act_text_file"),
    path(
        "acts/<str:number>/attachments/<int:attachment_id>/restrict/",
        restrictions.act_attachment_restrict,
        name="act_attachment_restrict",
    ),
    path(
        "acts/<str:number>/attachments/<int:attachment_id>/open/",
        restrictions.act_attachment_open,
        name="act_attachment_open",
    ),
    path("packages/<str:number>/list.docx", packages.package_docx_file, name="package_docx"),
    path("acts/<str:number>/withdraw/", registration.act_withdraw, name="act_withdraw"),
]
