"""Addresses of the API. They carry public names only: numbers, codes, eids."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from apps.core.api import converters
from apps.core.api.views import NothingHere
from apps.draft_acts.api import viewsets as acts
from apps.passage.api import viewsets as passage
from apps.protocols.api import viewsets as protocols
from apps.register.api import docs, outages
from apps.register.api import viewsets as lists
from apps.reviews.api import usecases
from apps.reviews.api import viewsets as reviews

converters.register()
LIST, ONE = {"get": "list"}, {"get": "retrieve"}
ACT = "acts/<number:act>/"
VERSION = f"{ACT}versions/<count:version>/"
REVIEW = "reviews/<number:act>/<number:association>/"

v1 = [
    path("acts/", lists.Acts.as_view(LIST), name="acts"),
    path(ACT, lists.Acts.as_view(ONE), name="act"),
    path(f"{ACT}versions/", acts.VersionViewSet.as_view(LIST), name="versions"),
    path(VERSION, acts.VersionViewSet.as_view(ONE), name="version"),
    path(f"{VERSION}provisions/", acts.ProvisionViewSet.as_view(LIST), name="provisions"),
    path(f"{VERSION}provisions/<eid:eid>/", acts.ProvisionViewSet.as_view(ONE), name="provision"),
    path(f"{VERSION}norms/", acts.NormViewSet.as_view(LIST), name="norms"),
    path(f"{VERSION}norms/<count:norm>/", acts.NormViewSet.as_view(ONE), name="norm"),
    path("packages/", acts.PackageViewSet.as_view(LIST), name="packages"),
    path("packages/<number:bill>/", acts.PackageViewSet.as_view(ONE), name="package"),
    path("consultations/", reviews.ConsultationViewSet.as_view(LIST), name="consultations"),
    path(
        "consultations/<number:act>/<count:round>/",
        reviews.ConsultationViewSet.as_view(ONE),
        name="consultation",
    ),
    path("reviews/", reviews.ReviewViewSet.as_view(LIST), name="reviews"),
    path(REVIEW, reviews.ReviewViewSet.as_view(ONE), name="review"),
    path(f"{REVIEW}opinion/", reviews.ReviewViewSet.as_view({"get": "opinion"}), name="review-opinion"),
    path(f"{REVIEW}opinion/submit", usecases.OpinionSubmitView.as_view(), name="opinion-submit"),
    path(f"{REVIEW}answers/send", usecases.AnswersSendView.as_view(), name="answers-send"),
    path("opinions/", reviews.OpinionViewSet.as_view(LIST), name="opinions"),
    path("opinions/<number:receipt>/", reviews.OpinionViewSet.as_view(ONE), name="opinion"),
    path("remarks/", reviews.RemarkViewSet.as_view(LIST), name="remarks"),
    path("remarks/<number:receipt>/<count:remark>/", reviews.RemarkViewSet.as_view(ONE), name="remark"),
    path("answers/", reviews.AnswerViewSet.as_view(LIST), name="answers"),
    path("answers/<number:receipt>/<count:remark>/", reviews.AnswerViewSet.as_view(ONE), name="answer"),
    path("protocols/", lists.Protocols.as_view(LIST), name="protocols"),
    path("protocols/<number:protocol>/", protocols.ProtocolViewSet.as_view(ONE), name="protocol"),
    path("certificates/", passage.CertificateViewSet.as_view(LIST), name="certificates"),
    path("certificates/<number:certificate>/", passage.CertificateViewSet.as_view(ONE), name="certificate"),
    path("outages/", outages.OutageViewSet.as_view(LIST), name="outages"),
    path("outages/<count:outage>/", outages.OutageViewSet.as_view(ONE), name="outage"),
    path("decisions/", lists.Decisions.as_view(LIST), name="decisions"),
]

urlpatterns = [
    *i18n_patterns(path("api/", docs.api_docs, name="api_docs")),
    path("api/", login_not_required(RedirectView.as_view(pattern_name="api_docs")), name="api_root"),
    path("api/schema/", docs.Schema.as_view(), name="api_schema"),
    path("api/v1/", include((v1, "api"))),
    re_path(r"^api/.+$", NothingHere.as_view(), name="api_nothing"),
]
