//! How hard the functions that a change touches are to understand and to test.
