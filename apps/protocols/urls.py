from django.urls import path

from . import views

urlpatterns = [
    path("acts/<str:number>/reviews/<slug:code>/meeting/", views.meeting, name="meeting"),
    path(
        "acts/<str:number>/reviews/<slug:code>/meeting/<int:remark>/outcome/",
        views.outcome_save,
        name="outcome_save",
    ),
    path("acts/<str:number>/reviews/<slug:code>/protocol/", views.protocol_prepare, name="protocol_prepare"),
    path("acts/<str:number>/reviews/<slug:code>/protocol/fix/", views.protocol_fix, name="protocol_fix"),
    path("protocols/<str:number>/", views.protocol, name="protocol"),
    path("protocols/<str:number>/sign/", views.protocol_sign, name="protocol_sign"),
    path("protocols/<str:number>/annul/", views.protocol_annul, name="protocol_annul"),
    path("protocols/<str:number>/protocol.json", views.protocol_json, name="protocol_json"),
    path("protocols/<str:number>/protocol.pdf", views.protocol_pdf, name="protocol_pdf"),
]
