from tests.way import people, way

__all__ = ["people", "way"]
