"""The description of the API: for programs as OpenAPI, for people as a page."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

_described: dict[str, dict[str, Any]] = {}  # by language; the same as long as the process runs

TAGS = {
    "acts": _("Acts"),
    "versions": _("Versions"),
    "provisions": _("Provisions"),
    "norms": _("Reference norms"),
    "packages": _("Packages"),
    "consultations": _("Consultations"),
    "reviews": _("Reviews"),
    "opinions": _("Opinions"),
    "remarks": _("Remarks"),
    "answers": _("Answers"),
    "protocols": _("Protocols"),
    "certificates": _("Certificates"),
    "decisions": _("Decisions"),
    "outages": _("Outages of the portal"),
}


def schema() -> dict[str, Any]:
    """The OpenAPI description in the present language."""
    here = get_language() or ""
    if here not in _described:
        _described[here] = SchemaGenerator().get_schema(request=None, public=True)
    return _described[here]


class Schema(SpectacularAPIView):
    """OpenAPI 3: JSON for those who ask for it, YAML else."""

    renderer_classes = [OpenApiYamlRenderer, OpenApiJsonRenderer]
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(schema())


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    required: bool
    words: str
    values: list[str]


@dataclass(frozen=True)
class Endpoint:
    """One address and method, as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Parameter]
    answers: list[tuple[str, str]]
    fields: list[str]


@dataclass
class Group:
    code: str
    name: Any
    endpoints: list[Endpoint] = field(default_factory=list)


def groups(described: dict[str, Any]) -> list[Group]:
    """The endpoints of the description by what they are about."""
    found = {code: Group(code, name) for code, name in TAGS.items()}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            group = found[operation["tags"][0]]
            group.endpoints.append(_endpoint(described, path, method, operation))
    return [group for group in found.values() if group.endpoints]


def _endpoint(described: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Endpoint:
    parameters = [
        Parameter(
            name=p["name"],
            place=p["in"],
            required=p.get("required", False),
            words=_first_line(p.get("description", "")),
            values=_values(described, p["schema"]),
        )
        for p in operation.get("parameters", [])
    ]
    ok = next(iter(operation["responses"].values()))
    return Endpoint(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        words=operation.get("description", "") if method == "post" else "",
        parameters=sorted(parameters, key=lambda p: ("path", "header", "query").index(p.place)),
        answers=[(code, answer.get("description", "")) for code, answer in operation["responses"].items()],
        fields=_fields(described, ok),
    )


def _first_line(words: str) -> str:
    return str(words).split("\n", 1)[0] if not str(words).startswith("* `") else ""


def _values(described: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    schema = schema.get("items", schema)
    return [str(value) for value in _resolved(described, schema).get("enum", [])]


def _fields(described: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Names of what a row holds."""
    content = answer.get("content", {}).get("application/json", {}).get("schema", {})
    body = _resolved(described, content)
    if "results" in body.get("properties", {}):
        body = _resolved(described, body["properties"]["results"]["items"])
    return list(body.get("properties", {}))


def _resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return described["components"]["schemas"][name] if name else schema


@login_not_required
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API for people: every address, what it takes and gives."""
    return render(request, "register/api.html", {"groups": groups(schema())})
