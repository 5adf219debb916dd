//! Which language a file is in, and its tokens.
