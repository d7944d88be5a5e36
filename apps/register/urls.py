"""Addresses of the public pages and of my desk. They name the law: the registration number is the address."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("acts/", views.act_list, name="act_list"),
    path("acts/<str:number>/", views.act, name="act"),
    path("acts/<str:number>/text/", views.act_text, name="act_text"),
    path("acts/<str:number>/opinions/", views.act_opinions, name="act_opinions"),
    path("acts/<str:number>/documents/", views.act_documents, name="act_documents"),
    path("acts/<str:number>/history/", views.act_history, name="act_history"),
    path("acts/<str:number>/decisions/", views.act_decisions, name="act_decisions"),
    path("protocols/", views.protocol_list, name="protocol_list"),
    path("decisions/", views.decision_list, name="decision_list"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:number>/", views.verify_number, name="verify_number"),
    path("desk/", views.desk, name="desk"),
    path("about/", views.procedure, name="procedure"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
