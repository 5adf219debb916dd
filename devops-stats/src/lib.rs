//! Statistics for small operational series: tests, intervals, change points, forecasts; slices in, explained results out.
