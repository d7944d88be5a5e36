"""All writes of the documents: files, numbers, generated documents.

Rendering lies in services/render.py and is imported by the worker only, so that web processes never load WeasyPrint.
"""

from .files import open_file, read_file, store_file
from .generation import annul_document, register_file, request_document, retry_document
from .numbers import next_in_sequence, take_number

__all__ = [
    "annul_document",
    "next_in_sequence",
    "open_file",
    "read_file",
    "register_file",
    "request_document",
    "retry_document",
    "store_file",
    "take_number",
]
