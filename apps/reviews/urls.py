"""Addresses of the consultation. They name the act and the association; verbs come last and are POST-only."""

from django.urls import path

from .views import (
    answers,
    consultation,
    expiry,
    merging,
    opinion,
    paper_opinion,
    papers,
    replies,
    review,
    versions,
)

REVIEW = "acts/<str:number>/reviews/<slug:code>/"
OPINION = f"{REVIEW}opinion/"
PAPER = f"{REVIEW}paper/"
NEXT_DRAFT = "acts/<str:number>/next-draft/"

urlpatterns = [
    path("acts/<str:number>/versions/new/", versions.act_version_new, name="act_version_new"),
    path("acts/prepare/<slug:token>/publish/", versions.act_version_publish, name="act_version_publish"),
    path(NEXT_DRAFT, merging.next_draft, name="next_draft"),
    path(f"{NEXT_DRAFT}preview/", merging.next_draft_preview, name="next_draft_preview"),
    path(f"{NEXT_DRAFT}make/", merging.next_draft_make, name="next_draft_make"),
    path(f"{NEXT_DRAFT}<slug:language>/docx/", merging.next_draft_file, name="next_draft_file"),
    path(f"{NEXT_DRAFT}<str:eid>/save/", merging.next_draft_save, name="next_draft_save"),
    path("acts/<str:number>/consultation/", consultation.consultation_open, name="consultation_open"),
    path("acts/<str:number>/documents/<slug:document>/", review.review_document, name="review_document"),
    path("acts/<str:number>/attachments/<int:attachment_id>/", papers.act_attachment, name="act_attachment"),
    path(REVIEW, review.review_page, name="review"),
    path(f"{REVIEW}acknowledge/", review.review_acknowledge, name="review_acknowledge"),
    path(f"{REVIEW}terms/<slug:stage>/", review.term_page, name="term"),
    path(f"{REVIEW}remarks/<int:remark>/withdraw/", review.remark_withdraw, name="remark_withdraw"),
    path(f"{REVIEW}remarks/<int:remark>/place/", versions.remark_place, name="remark_place"),
    path(OPINION, opinion.opinion_write, name="opinion_write"),
    path(f"{OPINION}save/", opinion.opinion_save, name="opinion_save"),
    path(f"{OPINION}remarks/save/", opinion.remark_save, name="remark_save"),
    path(f"{OPINION}remarks/<int:remark>/delete/", opinion.remark_delete, name="remark_delete"),
    path(f"{OPINION}ready/", opinion.opinion_ready, name="opinion_ready"),
    path(f"{OPINION}recall/", opinion.opinion_recall, name="opinion_recall"),
    path(f"{OPINION}submit/", opinion.opinion_submit, name="opinion_submit"),
    path(PAPER, paper_opinion.paper_page, name="paper"),
    path(f"{PAPER}save/", paper_opinion.paper_save, name="paper_save"),
    path(f"{PAPER}remarks/save/", paper_opinion.paper_remark_save, name="paper_remark_save"),
    path(
        f"{PAPER}remarks/<int:remark>/delete/", paper_opinion.paper_remark_delete, name="paper_remark_delete"
    ),
    path(f"{PAPER}send/", paper_opinion.paper_send, name="paper_send"),
    path(f"{PAPER}discard/", paper_opinion.paper_discard, name="paper_discard"),
    path(f"{PAPER}confirm/", paper_opinion.paper_confirm, name="paper_confirm"),
    path(f"{PAPER}dispute/", paper_opinion.paper_dispute, name="paper_dispute"),
    path(f"{PAPER}<int:paper_id>/scan/", paper_opinion.paper_scan, name="paper_scan"),
    path(f"{REVIEW}answers/", answers.answers_page, name="answers"),
    path(f"{REVIEW}answers/<int:remark>/save/", answers.answer_save, name="answer_save"),
    path(f"{REVIEW}answers/send/", answers.answers_send, name="answers_send"),
    path(f"{REVIEW}replies/", replies.replies_page, name="replies"),
    path(f"{REVIEW}replies/<int:remark>/save/", replies.reply_save, name="reply_save"),
    path(f"{REVIEW}replies/send/", replies.replies_send, name="replies_send"),
    path(f"{REVIEW}expiry/", expiry.expiry_decide, name="expiry_decide"),
    path("receipts/<slug:number>/", review.receipt_page, name="receipt"),
]
