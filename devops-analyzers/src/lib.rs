//! Built-in code analyzers, secret scanner and report readers: pure functions of bytes.
