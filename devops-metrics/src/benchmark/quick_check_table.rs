//! Means and standard deviations of the answers to DORA's Quick Check, from its data files for 2024 and 2025
//! (dora.dev, CC BY 4.0), on its scale of 0 to 10: six answers two points apart, best at 10, for times and
//! frequencies; tenths of a percentage, best at 0, for failures and rework. The file by size of 2025 gives recovery
//! on the reversed scale; it is turned round here.

use super::Axis::{self, Industry, OrganizationSize};

/// One group's figures, each mean and standard deviation.
#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub(super) year: u16,
    pub(super) axis: Axis,
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) lead: (f64, f64),
    pub(super) frequency: (f64, f64),
    pub(super) recovery: (f64, f64),
    pub(super) failures: (f64, f64),
    pub(super) rework: Option<(f64, f64)>,
}

type Pair = (f64, f64);

/// One row in one line.
const fn row(
    (year, axis, key, name): (u16, Axis, &'static str, &'static str),
    (lead, frequency, recovery, failures): (Pair, Pair, Pair, Pair),
    rework: Option<Pair>,
) -> Row {
    Row { year, axis, key, name, lead, frequency, recovery, failures, rework }
}

#[rustfmt::skip]
pub(super) static ROWS: [Row; 47] = [
    row((2024, Industry, "all", "all industries"), ((5.1, 2.6), (5.3, 2.9), (7.5, 2.3), (1.7, 2.0)), None),
    row((2024, Industry, "consumer", "retail, consumer and e-commerce"), ((5.8, 2.6), (6.3, 3.0), (8.0, 1.9), (1.5, 1.6)), None),
    row((2024, Industry, "education", "education"), ((4.8, 3.1), (5.1, 3.2), (6.6, 3.0), (1.6, 2.1)), None),
    row((2024, Industry, "energy", "energy"), ((4.6, 2.5), (4.9, 3.1), (6.6, 2.9), (2.7, 2.7)), None),
    row((2024, Industry, "financial_services", "financial services"), ((4.9, 2.4), (5.2, 2.7), (7.9, 1.9), (1.6, 1.8)), None),
    row((2024, Industry, "government", "government"), ((4.6, 2.6), (4.4, 2.6), (6.8, 2.1), (2.4, 2.3)), None),
    row((2024, Industry, "healthcare_pharmaceuticals", "healthcare and pharmaceuticals"), ((4.6, 2.6), (4.4, 2.6), (7.4, 2.5), (1.4, 1.5)), None),
    row((2024, Industry, "industrials_manufacturing", "industrials and manufacturing"), ((4.8, 2.4), (4.9, 2.9), (6.6, 2.6), (1.7, 1.9)), None),
    row((2024, Industry, "insurance", "insurance"), ((4.4, 2.5), (4.9, 3.0), (6.9, 2.6), (1.8, 2.2)), None),
    row((2024, Industry, "media_entertainment", "media and entertainment"), ((5.7, 2.7), (5.7, 2.7), (7.9, 2.4), (1.5, 1.9)), None),
    row((2024, Industry, "non_profit", "non-profit"), ((5.6, 3.1), (4.9, 2.5), (7.6, 2.0), (1.5, 2.3)), None),
    row((2024, Industry, "other", "other industries"), ((5.5, 2.4), (5.6, 2.9), (7.8, 2.1), (1.7, 1.9)), None),
    row((2024, Industry, "technology", "technology"), ((5.4, 2.5), (5.5, 2.9), (7.7, 2.1), (1.6, 1.9)), None),
    row((2024, Industry, "telecommunications", "telecommunications"), ((4.8, 2.5), (4.9, 2.7), (7.2, 2.3), (1.9, 2.0)), None),
    row((2024, OrganizationSize, "all", "all organizations"), ((5.1, 2.6), (5.3, 2.9), (7.5, 2.3), (1.7, 2.0)), None),
    row((2024, OrganizationSize, "solo", "people who work alone"), ((5.2, 3.5), (4.8, 3.6), (5.3, 3.6), (3.7, 3.3)), None),
    row((2024, OrganizationSize, "fewer_than_10", "organizations of 2 to 9"), ((5.32, 2.8), (5.1, 2.9), (7.1, 2.6), (1.8, 1.9)), None),
    row((2024, OrganizationSize, "fewer_than_20", "organizations of 10 to 19"), ((6.3, 2.5), (6.1, 2.6), (8.0, 2.4), (1.9, 2.0)), None),
    row((2024, OrganizationSize, "fewer_than_100", "organizations of 20 to 99"), ((5.4, 2.6), (5.4, 2.8), (7.9, 1.9), (1.6, 1.9)), None),
    row((2024, OrganizationSize, "fewer_than_500", "organizations of 100 to 499"), ((5.6, 2.5), (6.0, 2.9), (7.82, 2.1), (1.6, 1.8)), None),
    row((2024, OrganizationSize, "fewer_than_1000", "organizations of 500 to 999"), ((5.0, 2.6), (5.4, 3.0), (7.5, 2.4), (1.8, 2.1)), None),
    row((2024, OrganizationSize, "fewer_than_5000", "organizations of 1,000 to 4,999"), ((5.1, 2.5), (5.3, 2.9), (7.6, 2.0), (1.6, 1.8)), None),
    row((2024, OrganizationSize, "fewer_than_10000", "organizations of 5,000 to 9,999"), ((4.9, 2.5), (5.2, 3.0), (7.4, 2.5), (1.7, 2.0)), None),
    row((2024, OrganizationSize, "more_than_9999", "organizations of 10,000 and more"), ((4.8, 2.5), (4.8, 2.8), (7.5, 2.0), (1.6, 1.8)), None),
    row((2025, Industry, "all", "all industries"), ((5.5, 2.4), (4.8, 2.8), (7.4, 2.1), (1.9, 2.1)), Some((2.2, 2.2))),
    row((2025, Industry, "consumer", "retail, consumer and e-commerce"), ((5.9, 2.3), (5.3, 2.7), (7.8, 1.8), (1.7, 2.0)), Some((2.0, 1.9))),
    row((2025, Industry, "education", "education"), ((5.5, 2.6), (4.5, 2.9), (6.6, 2.6), (2.7, 2.4)), Some((2.9, 2.3))),
    row((2025, Industry, "energy", "energy"), ((5.4, 2.5), (4.5, 2.7), (7.2, 1.9), (1.8, 1.8)), Some((2.1, 1.9))),
    row((2025, Industry, "financial_services", "financial services"), ((5.4, 2.3), (5.1, 2.6), (7.7, 1.9), (1.7, 2.1)), Some((1.9, 1.9))),
    row((2025, Industry, "government", "government"), ((4.8, 2.6), (4.3, 3.0), (7.0, 2.1), (2.1, 2.2)), Some((2.4, 2.2))),
    row((2025, Industry, "healthcare_pharmaceuticals", "healthcare and pharmaceuticals"), ((5.0, 2.6), (4.3, 2.8), (7.1, 2.2), (2.5, 2.3)), Some((2.6, 2.4))),
    row((2025, Industry, "industrials_manufacturing", "industrials and manufacturing"), ((4.9, 2.6), (3.7, 2.7), (6.5, 2.3), (2.0, 1.9)), Some((2.4, 2.3))),
    row((2025, Industry, "insurance", "insurance"), ((4.8, 2.2), (4.4, 2.5), (7.5, 1.8), (1.7, 2.0)), Some((1.8, 1.9))),
    row((2025, Industry, "media_entertainment", "media and entertainment"), ((5.8, 2.4), (5.2, 2.7), (7.6, 2.1), (1.8, 1.8)), Some((1.8, 1.7))),
    row((2025, Industry, "non_profit", "non-profit"), ((5.9, 2.7), (4.5, 2.6), (7.5, 1.8), (2.2, 2.8)), Some((2.1, 2.5))),
    row((2025, Industry, "other", "other industries"), ((5.7, 2.4), (5.0, 2.7), (7.6, 2.0), (1.6, 1.9)), Some((2.0, 2.0))),
    row((2025, Industry, "technology", "technology"), ((5.7, 2.4), (4.9, 2.8), (7.4, 2.1), (1.9, 2.0)), Some((2.3, 2.2))),
    row((2025, Industry, "telecommunications", "telecommunications"), ((5.2, 2.4), (4.7, 2.6), (7.2, 2.3), (2.4, 2.5)), Some((2.6, 2.5))),
    row((2025, OrganizationSize, "all", "all organizations"), ((5.5, 2.4), (4.8, 2.8), (7.4, 2.1), (1.9, 2.1)), Some((2.2, 2.2))),
    row((2025, OrganizationSize, "solo", "people who work alone"), ((6.4, 2.7), (5.1, 3.4), (7.2, 2.6), (3.0, 3.1)), Some((3.3, 3.1))),
    row((2025, OrganizationSize, "fewer_than_10", "organizations of 2 to 9"), ((6.4, 2.7), (4.8, 2.9), (7.7, 2.2), (1.9, 2.2)), Some((2.3, 2.3))),
    row((2025, OrganizationSize, "fewer_than_100", "organizations of 20 to 99"), ((5.8, 2.3), (4.4, 2.4), (7.6, 1.9), (1.7, 1.8)), Some((2.3, 2.1))),
    row((2025, OrganizationSize, "fewer_than_500", "organizations of 100 to 499"), ((5.6, 2.4), (4.8, 2.7), (7.4, 2.1), (1.9, 2.0)), Some((2.3, 2.2))),
    row((2025, OrganizationSize, "fewer_than_1000", "organizations of 500 to 999"), ((5.5, 2.4), (4.7, 2.6), (7.3, 2.1), (1.8, 2.1)), Some((2.2, 2.2))),
    row((2025, OrganizationSize, "fewer_than_5000", "organizations of 1,000 to 4,999"), ((5.3, 2.4), (4.7, 2.7), (7.4, 2.2), (1.9, 2.1)), Some((2.1, 2.1))),
    row((2025, OrganizationSize, "fewer_than_10000", "organizations of 5,000 to 9,999"), ((5.4, 2.4), (4.8, 2.8), (7.5, 1.9), (1.8, 2.1)), Some((2.0, 1.9))),
    row((2025, OrganizationSize, "more_than_9999", "organizations of 10,000 and more"), ((5.2, 2.5), (4.9, 2.8), (7.2, 2.2), (1.9, 2.2)), Some((2.1, 2.2))),
];
