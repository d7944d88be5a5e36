"""Addresses of the public pages and of my desk. They name the law: the registration number is the address."""

from django.urls import path

from . import comparing, outages, oversight, views

urlpatterns = [
    path("", views.home, name="home"),
    path("acts/", views.act_list, name="act_list"),
    path("acts/<str:number>/", views.act, name="act"),
    path("acts/<str:number>/text/", views.act_text, name="act_text"),
    path("acts/<str:number>/compare/", comparing.act_compare, name="act_compare_latest"),
    path("acts/<str:number>/compare/<int:version>/", comparing.act_compare, name="act_compare"),
    path("acts/<str:number>/norms/", views.act_norms, name="act_norms"),
    path("acts/<str:number>/opinions/", views.act_opinions, name="act_opinions"),
    path("acts/<str:number>/documents/", views.act_documents, name="act_documents"),
    path("acts/<str:number>/history/", views.act_history, name="act_history"),
    path("acts/<str:number>/decisions/", views.act_decisions, name="act_decisions"),
    path("acts/<str:number>/v<int:version>/", views.act_version, name="act_version"),
    path("acts/<str:number>/v<int:version>/<str:eid>/", views.act_provision, name="act_provision"),
    path("packages/<str:number>/", views.package, name="package"),
    path("protocols/", views.protocol_list, name="protocol_list"),
    path("decisions/", views.decision_list, name="decision_list"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:number>/", views.verify_number, name="verify_number"),
    path("journal/", oversight.journal, name="journal"),
    path("journal/export.csv", oversight.journal_csv, name="journal_csv"),
    path("journal/export.json", oversight.journal_json, name="journal_json"),
    path("journal/heads/", oversight.heads, name="heads"),
    path("journal/heads.json", oversight.heads_json, name="heads_json"),
    path("administration/letters/", oversight.outbox, name="outbox"),
    path("administration/letters/<int:outbox_id>/retry/", oversight.outbox_retry, name="outbox_retry"),
    path("administration/health/", oversight.health_page, name="health"),
    path("outages/", outages.outage_list, name="outage_list"),
    path("outages/register.csv", outages.outage_csv, name="outage_csv"),
    path("outages/report/", outages.outage_report, name="outage_report"),
    path("outages/maintenance/", outages.maintenance_announce, name="maintenance_announce"),
    path(
        "outages/maintenance/<int:maintenance_id>/withdraw/",
        outages.maintenance_withdraw,
        name="maintenance_withdraw",
    ),
    path("outages/<int:number>/", outages.outage, name="outage"),
    path("outages/<int:number>/decide/", outages.outage_decide, name="outage_decide"),
    path("desk/", views.desk, name="desk"),
    path("about/", views.procedure, name="procedure"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
