use super::*;

#[test]
fn rule_by_rule() {
    check(
        &Definition::dora_2025(),
        &[
            ("no data is no number", MARCH, "", Lead, Nothing),
            ("no deployment is no rate", MARCH, "I i opened=02T10:00", Rate, Nothing),
            (
                "a commit at the very instant waited for nothing",
                MARCH,
                "C a committed=02T10:00 by=d;D d at=02T10:00;D e at=02T10:00",
                Lead,
                V(0.0),
            ),
            ("negative times are left out", MARCH, "C a committed=02T11:00 by=d;D d at=02T10:00", Lead, N(0)),
            ("production alone", MARCH, "D d at=02T10:00 env=staging;D e at=02T10:00", Frequency, N(1)),
            (
                "a change goes with the next deployment, where none is named",
                MARCH,
                "C a committed=02T11:00;D d at=02T10:00;D e at=02T12:00",
                Lead,
                V(1.0),
            ),
            (
                "the first deployment gets nothing by time alone",
                MARCH,
                "C a committed=02T09:00;D d at=02T10:00",
                Lead,
                N(0),
            ),
            (
                "the first of several deployments of a change counts",
                MARCH,
                "C a committed=02T09:00 by=d,e;D d at=02T10:00;D e at=02T12:00",
                Lead,
                V(1.0),
            ),
            (
                "the median",
                MARCH,
                "C a committed=02T09:00 by=d;C b committed=02T06:00 by=d;D d at=02T10:00",
                Lead,
                V(2.5),
            ),
            (
                "a cause outside does not count",
                MARCH,
                "D d at=02T10:00;I i opened=02T11:00 cause=external",
                Rate,
                V(0.0),
            ),
            (
                "a failed deployment is no failed change",
                MARCH,
                "D d at=02T10:00 outcome=failed;D e at=02T11:00",
                Rate,
                V(0.0),
            ),
            (
                "recovery runs from the deployment to the last resolution",
                MARCH,
                "D d at=02T10:00;I i opened=02T11:00 resolved=02T12:00;I j opened=02T11:30 resolved=02T14:00",
                Recovery,
                V(4.0),
            ),
            (
                "an incident at the instant of a deployment is its own",
                MARCH,
                "D d at=02T10:00;I i opened=02T10:00",
                Rate,
                V(100.0),
            ),
            ("a link reaches back a day", MARCH, "D d at=02T10:00;I i opened=03T10:00:01", Rate, V(0.0)),
            (
                "a rollback within a week tells a failure",
                MARCH,
                "D d at=02T10:00;D e at=03T10:00 kind=rollback",
                Rate,
                V(50.0),
            ),
            (
                "what is open is censored: the median is not reached",
                MARCH,
                "I i opened=02T10:00",
                Restore,
                Nothing,
            ),
            (
                "one of two is over: its time does not grow with the window",
                MARCH,
                "I i opened=02T10:00 resolved=02T12:00;I j opened=02T10:00",
                Restore,
                V(2.0),
            ),
            (
                "half are over and another ends later: the middle of the two",
                MARCH,
                "I h opened=30T10:00;I i opened=02T10:00 resolved=02T12:00;I j opened=02T10:00 resolved=02T16:00;I k opened=03T10:00",
                Restore,
                V(6.0),
            ),
        ],
    );
}
