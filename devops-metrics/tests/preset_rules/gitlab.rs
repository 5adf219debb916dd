use super::*;

#[test]
fn rule_by_rule() {
    check(
        &Definition::gitlab(),
        &[
            (
                "the median of daily medians",
                MARCH,
                "P p merged=02T09:00 by=a;P q merged=02T09:00 by=b;P r merged=02T09:00 by=c;P s merged=03T09:00 by=d;D a at=02T10:00;D b at=02T12:00;D c at=02T14:00;D d at=03T16:00",
                Lead,
                V(5.0),
            ),
            (
                "a merge request counts with each deployment",
                MARCH,
                "P p merged=02T09:00 by=a,b;D a at=02T10:00;D b at=02T12:00",
                Lead,
                V(2.0),
            ),
            (
                "incidents per deployment, without a link",
                MARCH,
                "D d at=20T10:00;I i opened=02T10:00;I j opened=02T11:00",
                Rate,
                V(200.0),
            ),
            ("deployments a day", MARCH, "D d at=20T10:00", Frequency, V(1.0 / 31.0)),
            ("tier production", MARCH, "D d at=20T10:00 env=staging", Frequency, N(0)),
            (
                "restore of what was resolved",
                MARCH,
                "I i opened=02T10:00;I j opened=02T10:00 resolved=02T12:00",
                Restore,
                V(2.0),
            ),
            ("success only", MARCH, "D d at=20T10:00 outcome=failed", Frequency, N(0)),
            (
                "merged to staging and then to production: production alone",
                MARCH,
                "P p merged=02T09:00 by=a,b;D a at=02T10:00 env=staging;D b at=02T12:00",
                Lead,
                V(3.0),
            ),
            (
                "whatever caused them",
                MARCH,
                "D d at=20T10:00;I i opened=02T10:00 cause=external",
                Rate,
                V(100.0),
            ),
            ("no deployment: no rate", MARCH, "I i opened=02T10:00", Rate, Nothing),
            (
                "restore by the resolution, of daily medians",
                (3, 31),
                "I i opened=02T10:00 resolved=03T10:00;I j opened=03T10:00 resolved=04T12:00;I k opened=01T10:00 resolved=02T12:00",
                Restore,
                V(25.0),
            ),
            (
                "commits are no merge requests",
                MARCH,
                "C c committed=02T09:00 merged=02T09:00 by=d;D d at=02T10:00",
                Lead,
                N(0),
            ),
            ("no data: null", MARCH, "", Lead, Nothing),
        ],
    );
}
