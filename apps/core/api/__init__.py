"""What every API of the portal stands on: reading of JSON, paging, views, fields, descriptions."""
