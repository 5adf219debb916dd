use super::*;

#[test]
fn rule_by_rule() {
    check(
        &Definition::devopsmetrics(),
        &[
            ("no deployment: -1", (10, 31), "D d at=02T10:00 declared=yes", Rate, V(-1.0)),
            (
                "a failure is what somebody declared",
                MARCH,
                "D d at=02T10:00 declared=yes;D e at=03T10:00",
                Rate,
                V(50.0),
            ),
            (
                "a failed run alone is none",
                MARCH,
                "D c at=01T10:00 declared=no;D d at=02T10:00 outcome=failed;D e at=03T10:00",
                Rate,
                V(0.0),
            ),
            ("no pull request: 0", (10, 31), "P p committed=02T09:00 by=d;D d at=02T10:00", Lead, V(0.0)),
            (
                "from the first commit, by the mean",
                MARCH,
                "P p committed=02T09:00 by=d;P q committed=02T07:00 by=d;D d at=02T10:00",
                Lead,
                V(2.0),
            ),
            (
                "from the opening, where no commit is known",
                MARCH,
                "P p opened=02T09:00 by=d;D d at=02T10:00",
                Lead,
                V(1.0),
            ),
            (
                "commits alone are no pull requests",
                MARCH,
                "C p committed=02T09:00 by=d;D d at=02T10:00",
                Lead,
                N(0),
            ),
            (
                "the mean of what was restored",
                MARCH,
                "I i opened=02T10:00 resolved=02T11:00;I j opened=02T10:00 resolved=02T13:00;I k opened=02T10:00",
                Restore,
                V(2.0),
            ),
            ("no incident: 0", MARCH, "", Restore, V(0.0)),
            ("deployments over days", MARCH, "D d at=02T10:00", Frequency, V(1.0 / 31.0)),
        ],
    );
}
