from rest_framework.pagination import CursorPagination


class PublicCursorPagination(CursorPagination):
    """Cursor paging for the API: no silent cap, `page_size` up to 100."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-id"
