//! Code that repeats itself.
