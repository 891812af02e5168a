"""Tests of the Cloud API's room. None of them needs the database."""
