"""Pieces of pages: what Streamlit draws. Each takes the page and shows; none counts.

One module a page, `frame` for what all pages have, `view` for what shows one view of a release.
"""
