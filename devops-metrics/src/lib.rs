//! DORA metrics from delivery events, trends and the improvement loop.
