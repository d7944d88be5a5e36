"""protocol.json as pages and PDFs show it. Reads only; the words of a point come from the frozen JSON."""

import json
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from apps.organizations import selectors as organizations
from apps.reviews.conditions import address
from apps.reviews.models import Review

from . import assembly
from .enums import SIGNING_ROLE, ProtocolState, Side
from .models import AgreementProtocol


def rows(points: list[dict[str, Any]], language: str, text_url: str = "") -> list[dict[str, Any]]:
    """The points for components/points.html, provisions in `language`; `text_url`: the text they are about."""
    found = []
    for point in points:
        answer, reply = point["answer"], point["reply"]
        wording = point[f"wording_{language}"] if language in ("ky", "ru") else ""
        wording = wording or point["wording_ru"] or point["wording_ky"]
        found.append(
            {
                **point,
                "number": point["position"],
                "label": point["provision"][f"label_{'ky' if language == 'ky' else 'ru'}"],
                "answer_outcome": answer["outcome"] if answer else "none",
                "answer_reason": answer["reason"] if answer else "",
                "answer_wording": answer["wording"] if answer else "",
                "answer_lang": answer["lang"] if answer else "",
                "silent": point.get("silent", ""),
                "reply_outcome": reply["outcome"] if reply else "none",
                "reply_text": reply["text"] if reply else "",
                "outcome": point["outcome"] or "none",
                "url": f"{text_url}#{point['provision']['eid']}" if text_url else "",
                "wording": wording,
            }
        )
    return found


def meeting_of(text: dict[str, Any]) -> dict[str, Any] | None:
    """The meeting with its day as a date; None when there was none."""
    meeting = text["meeting"]
    return {**meeting, "day": date.fromisoformat(meeting["day"])} if meeting else None


def _text_url(act: dict[str, Any]) -> str:
    """The page of the version the protocol is about."""
    return address("act_version", act["number"], act["version"])


def _shared(text: dict[str, Any]) -> dict[str, Any]:
    language = get_language() or "ky"
    return {
        "text": text,
        "points": rows(text["points"], language, _text_url(text["act"])),
        "counts": text["counts"],
        "total": len(text["points"]),
        "meeting": meeting_of(text),
    }


def preview(review: Review, at: datetime) -> dict[str, Any]:
    """The protocol as it would stand now."""
    text = assembly.assemble(review, at=at)
    return {**_shared(text), "kind": text["kind"]}


def of_protocol(protocol: AgreementProtocol) -> dict[str, Any]:
    """A fixed protocol, from its own JSON, with its signatures."""
    text = json.loads(protocol.canonical)
    return {**_shared(text), "signatures": {side.value: _signature(protocol, side) for side in Side}}


def _signature(protocol: AgreementProtocol, side: Side) -> dict[str, Any]:
    review = protocol.review
    organization = review.consultation.act.initiator if side == Side.STATE else review.association
    language = get_language() or "ky"
    found = next((s for s in protocol.signatures.all() if s.side == side), None)
    shown: dict[str, Any] = {
        "organization": organization.name(language),
        "status": "none",
        "awaited": protocol.state == ProtocolState.FIXED,
    }
    if found is not None:
        held = organizations.capacity(found.user, found.organization, SIGNING_ROLE[side], at=found.at)
        position = held.words("ky" if language == "ky" else "ru") if held.absent else ""
        shown.update(name=str(found.user), position=position, status=found.status, at=found.at)
    return shown
