from django.urls import path

from . import views

urlpatterns = [
    path("acts/<str:number>/certificate/", views.certificate_door, name="certificate_door"),
    path("acts/<str:number>/certificate/issue/", views.certificate_issue, name="certificate_issue"),
    path("acts/<str:number>/decision/", views.decision_record, name="decision_record"),
    path("acts/<str:number>/dossier.zip", views.dossier, name="dossier"),
    path("packages/<str:number>/dossier.zip", views.package_dossier, name="package_dossier"),
    path("certificates/<str:number>/", views.certificate, name="certificate"),
    path("certificates/<str:number>/certificate.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("certificates/<str:number>/certificate.json", views.certificate_json, name="certificate_json"),
]
