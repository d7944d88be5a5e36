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
    "not_text": _(
        "A file of this kind cannot be read as the text of an act. Give it as DOCX, ODT, TXT or a PDF with text."
    ),
    "encrypted_or_not_docx": _("The file is protected by a password or is not a Word document (DOCX)."),
    "damaged": _("The file is damaged or was not uploaded whole."),
    "has_macros": _("The document contains macros. Save it as DOCX without macros."),
    "external_template": _(
        "The document is linked to an outside template or object. Remove the link and save it again."
    ),
    "unsafe_archive": _("The document's inner file names are not those of a text document."),
    "unsafe_xml": _("The document contains declarations that are not allowed in a text document."),
    "bomb": _("The document unpacks to far more than a text of an act can hold."),
    "old_doc": _("This is the old Word format (DOC). Save it as DOCX."),
    "encrypted": _("The file is protected by a password. Save it without one."),
    "two_formats": _("The file is more than one format at once. Save it again as one plain document."),
    "active_content": _("The file contains a script or an action that starts by itself. Save it without."),
    "embedded_files": _("The file carries other files inside. Save it without them."),
    "too_many_pages": _("The file has too many pages for the text of an act."),
    "scanned": _(
        "The pages of this PDF are pictures without text (a scan). Give the text as DOCX, ODT or TXT, or a PDF "
        "saved from the text editor."
    ),
    "unknown_letters": _(
        "The letters of this PDF cannot be told: its fonts do not say what they mean. Give the text as DOCX, ODT or "
        "TXT."
    ),
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
    "heading_without_dot": _(
        "This heading has no dot after its number; it may be a sentence that names the article."
    ),
    "mention_or_heading": _("This line was read as a sentence that names an article; it may be a heading."),
    "heading_by_style": _("This heading has no number; only its style shows that it is one."),
    "latin_letter": _("The label contains Latin letters that look like Cyrillic ones."),
    "title_or_text": _(
        "What stands here may be the title of the article or its first text; look which it is."
    ),
    "tracked_changes": _("The document has tracked changes; the text was read as if they were all accepted."),
    "list_number": _("The number comes from an automatic list whose form was not recognised."),
    "footnotes": _("The document has footnotes; they were put as notes after the text that names them."),
    "footnotes_left_out": _("The document has footnotes; they were not read."),
    "hidden_text": _("The document has hidden text; it was left out, as it is not printed."),
    "table_units": _("The number stands in a cell of its own beside the text; they were read as one unit."),
    "table_units_unread": _(
        "Numbered units stand within a row of a table; they were read as the text of the row."
    ),
    "text_box": _("The document has text boxes; their text was put where they are anchored."),
    "picture": _("The document has pictures; what they show was not read."),
    "unsupported_content": _("The document has inserted content that was not read."),
    "recognised_scan": _(
        "The text lies under a scanned picture: a machine recognised it. Compare it with the page."
    ),
    "running_heads": _("Lines that repeat at the head or foot of the pages were left out."),
    "reading_order": _("The pages have columns or boxes; the order of their text may be another one."),
    "paragraphs_by_look": _("The pages do not show where paragraphs begin; they were told by their look."),
    "number_at_line_start": _("A number at the beginning of a line was read as the middle of a sentence."),
    "hyphen_at_line_end": _(
        "Words divided at the end of a line were joined; a hyphen of theirs may be missing or left over."
    ),
    "unknown_letters_some": _("Some letters of the file have no meaning and are shown as marks."),
    "short_lines": _("The text is broken into short lines; they were joined into paragraphs by their look."),
    "encoding_guessed": _("The text file does not say its encoding; it was read as Windows-1251."),
    "mended_before": _(
        "This place stands as it was mended by hand in the earlier version; the document alone reads otherwise."
    ),
    "to_translate": _(
        "The other language has new words here; this one is still to be translated and says what it said before."
    ),
}

#: Why a reading could not be mended in this way: code of MendingRefused -> msgid.
MENDING: dict[str, str] = {
    "unknown_unit": _("There is no such provision in this text."),
    "nothing_before": _("Nothing stands before this provision."),
    "empty_side": _("The text must be divided between two words: something has to stand on both sides."),
    "fixed_kind": _(
        "The preamble, the signature, a quotation and an annex have their place; their level does not change."
    ),
    "no_further": _("This provision cannot be moved further in this direction."),
    "needs_number": _("A unit of this kind begins with its number, and this text does not."),
    "not_numbered": _("Provisions of this kind have no number."),
    "bad_number": _("This is not a number of a provision, such as 24 or 24-1, or a letter for a sub-point."),
    "holds_units": _("Units stand within this quotation; it cannot become part of the text before it."),
    "words_not_found": _("These words were not found in this unit. Copy them from its text."),
    "words_twice": _("These words stand in this unit more than once. Give a few more of them."),
    "not_titled": _("Only articles and what stands above them have a title, and here no text follows it."),
    "inside_other": _("An annex cannot begin within a quotation or within another annex."),
}

#: Why a wording cannot become the words of a provision: code of MergingRefused -> msgid.
MERGING: dict[str, str] = {
    "unknown_unit": _("There is no such provision in this text."),
    "empty": _("The words of the provision are missing: its title on the first line, its text on the next."),
    "fixed_kind": _("The words of an annex as a whole or of a quotation are changed in the text itself."),
    "too_many_lines": _(
        "Only the words of this one provision are written here. New provisions are put into the text by hand."
    ),
    "another_unit": _("These words begin with a number, as another provision would."),
    "moves_others": _("With these words other provisions would be counted or read anew."),
}

#: Why a row of a comparison table proposes nothing, or needs a person's eye: code of amend.Row.doubt -> msgid.
AMENDMENTS: dict[str, str] = {
    "unclear": _("What this instruction orders was not understood."),
    "address_not_found": _(
        "The provision it names is not in the text that is amended, or is there more than once."
    ),
    "words_not_found": _("The words it names are not in this provision."),
    "words_repeated": _(
        "The words it names occur more than once here: which of them are meant must be said."
    ),
    "word_forms": _("It asks for other forms of the words too: these are to be replaced by hand."),
    "place_not_said": _("It does not say after which words the new words stand."),
    "sentence": _("It concerns a sentence; where a sentence begins and ends is to be settled by hand."),
    "no_new_wording": _("The new wording it announces was not found in quotation marks."),
    "exists_already": _("A provision with this number exists already."),
    "quote_differs": _("The number of the new provision is not the one in its quoted wording."),
}
