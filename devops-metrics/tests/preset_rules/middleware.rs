use super::*;

#[test]
fn rule_by_rule() {
    check(
        &Definition::middleware(),
        &[
            (
                "total // days: three in four days are none",
                (2, 5),
                "D a at=02T10:00;D b at=03T10:00;D c at=04T10:00",
                Frequency,
                V(0.0),
            ),
            (
                "a missing stage is 0",
                MARCH,
                "P p committed=02T09:00 merged=02T12:00 by=d;D d at=02T13:00",
                Lead,
                V(3_600.0),
            ),
            (
                "by the merge",
                (10, 31),
                "P p committed=09T09:00 opened=09T10:00 merged=09T12:00 by=d;D d at=10T13:00",
                Lead,
                N(0),
            ),
            (
                "the mean",
                MARCH,
                "P p merged=02T12:00 by=d;P q merged=02T10:00 by=d;D d at=02T13:00",
                Lead,
                V(7_200.0),
            ),
            (
                "failed attempts are below the line, and can be blamed",
                MARCH,
                "D a at=02T10:00;D b at=02T11:00 outcome=failed;I i opened=02T12:00",
                Rate,
                V(50.0),
            ),
            ("conducted_at <= created", MARCH, "D d at=02T10:00;I i opened=02T10:00", Rate, V(100.0)),
            (
                "incidents before the first deployment are dropped",
                MARCH,
                "D d at=02T10:00;I i opened=02T09:00",
                Rate,
                V(0.0),
            ),
            (
                "all services of a team",
                MARCH,
                "D a at=02T10:00 service=a;I i opened=02T11:00 service=b",
                Rate,
                V(100.0),
            ),
            ("restore by the resolution", (10, 31), "I i opened=02T10:00 resolved=10T10:00", Restore, N(1)),
            (
                "total // days: two a day",
                (2, 3),
                "D a at=02T10:00;D b at=02T11:00;D c at=03T10:00;D d at=03T11:00;D e at=03T12:00",
                Frequency,
                V(2.0),
            ),
            (
                "a merge that is not deployed yet has no last stage",
                MARCH,
                "P p committed=02T09:00 opened=02T10:00 merged=02T12:00",
                Lead,
                V(10_800.0),
            ),
            (
                "all stages",
                MARCH,
                "P p committed=02T09:00 opened=02T10:00 merged=02T12:00 by=d;D d at=02T13:00",
                Lead,
                V(14_400.0),
            ),
            ("any environment", MARCH, "D d at=02T13:00 env=staging", Frequency, N(1)),
            (
                "two incidents, one failed deployment",
                MARCH,
                "D d at=02T10:00;D e at=02T10:30;I i opened=02T11:00;I j opened=02T12:00",
                Rate,
                V(50.0),
            ),
            (
                "the mean of what was resolved",
                MARCH,
                "I i opened=02T10:00 resolved=02T11:00;I j opened=02T10:00 resolved=02T13:00;I k opened=02T10:00",
                Restore,
                V(7_200.0),
            ),
            ("no merge in the window: 0", (10, 31), "P p merged=02T09:00", Lead, V(0.0)),
            ("no incident: null", MARCH, "", Restore, Nothing),
            ("no deployment: 0", MARCH, "", Rate, V(0.0)),
        ],
    );
}
