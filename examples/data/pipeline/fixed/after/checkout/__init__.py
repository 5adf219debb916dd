"""Prices baskets and stores orders."""
