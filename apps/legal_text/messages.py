"""What the codes of this app mean, in English; the pages translate these msgids into the reader's language.

No Django here: `gettext_noop` only marks the strings for the collector of translations.
"""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    return message


_ = gettext_noop

#: Why a file was refused: code of UnreadableText -> msgid.
UNREADABLE: dict[str, str] = {
    "empty": _("The file has no text in it."),
    "not_text": _("The file is neither a text file nor a Word document (DOCX)."),
    "encrypted_or_not_docx": _("The file is protected by a password or is not a Word document (DOCX)."),
    "damaged": _("The file is damaged or was not uploaded whole."),
    "has_macros": _("The document contains macros. Save it as DOCX without macros."),
    "external_template": _(
        "The document is linked to an outside template or object. Remove the link and save it again."
    ),
    "unsafe_archive": _("The document's inner file names are not those of a Word document."),
    "unsafe_xml": _("The document contains declarations that are not allowed in a Word document."),
    "bomb": _("The document unpacks to far more than a text of an act can hold."),
    "old_doc": _("This is the old Word format (DOC). Save it as DOCX."),
    "pdf_not_yet": _("PDF files cannot be read here yet. Give the text as DOCX or TXT."),
    "odt_not_yet": _("ODT files cannot be read here yet. Save the text as DOCX or TXT."),
    "too_large": _("The file is too large for the text of an act."),
    "too_slow": _("Reading the file took too long and was stopped."),
    "too_heavy": _("Reading the file needed too much memory and was stopped."),
    "no_file": _("There is no such file."),
}

#: What a person should look at in a read text: code of Doubt -> msgid.
DOUBTS: dict[str, str] = {
    "kind_unknown": _("The kind of the act was not recognised from its heading."),
    "title_unknown": _("The title of the act was not found."),
    "language_unknown": _("The language of the text was not recognised."),
    "kyrgyz_letters_lost": _("The text looks Kyrgyz, but the letters ң, ө, ү are missing from it."),
    "no_structure": _("No articles or numbered points were found."),
    "flattened_number": _(
        "The raised digit of the number seems to have been lost; the number was read with a hyphen."
    ),
    "duplicate_number": _("This number occurs twice."),
    "number_gap": _("A number before this one is missing."),
    "number_order": _("This number stands out of order."),
    "unclosed_quote": _("The quotation that begins here is not closed."),
    "unclosed_mark": _("The edition mark in brackets that begins here is not closed."),
    "lookalike_letter": _("The number contains a letter that looks like a digit."),
    "tracked_changes": _("The document has tracked changes; the text was read as if they were all accepted."),
    "list_number": _("The number comes from an automatic list whose form was not recognised."),
    "footnotes_left_out": _("The document has footnotes; they were not read."),
    "text_box": _("The document has text boxes; their text was put where they are anchored."),
    "picture": _("The document has pictures; what they show was not read."),
    "unsupported_content": _("The document has inserted content that was not read."),
    "short_lines": _("The text is broken into short lines; they were joined into paragraphs by their look."),
    "encoding_guessed": _("The text file does not say its encoding; it was read as Windows-1251."),
}
