use super::*;

#[test]
fn rule_by_rule() {
    let common: &[Rule] = &[
        ("environment must be PRODUCTION", MARCH, "D d1 at=02T10:00 env=-", Frequency, N(0)),
        (
            "percent_rank() <= 0.5: the lower median",
            (2, 15),
            "D a at=02T10:00;D b at=03T10:00;D c at=04T10:00;D d at=09T10:00",
            Frequency,
            V(1.0),
        ),
        (
            "weeks begin on Monday and partial ones count",
            (1, 7),
            "D d1 at=01T10:00;D d2 at=07T10:00",
            Frequency,
            V(1.0),
        ),
        (
            "parts in whole minutes, each rounded up",
            MARCH,
            "P p authored=02T09:00 opened=02T09:10:30 merged=02T09:20:30 by=d;D d at=02T10:00",
            Lead,
            V(61.0),
        ),
        (
            "opened before its first commit: that part is left out",
            MARCH,
            "P p authored=02T09:00 opened=02T08:00 merged=02T09:30 by=d;D d at=02T10:00",
            Lead,
            V(120.0),
        ),
        (
            "deployed before its merge: that part is left out",
            MARCH,
            "P p authored=02T09:00 opened=02T09:30 merged=02T11:00 by=d;D d at=02T10:00",
            Lead,
            V(120.0),
        ),
        (
            "the lower of two",
            MARCH,
            "P p authored=02T09:00 opened=02T09:00 merged=02T09:00 by=d;P q authored=02T08:00 opened=02T08:00 merged=02T08:00 by=d;D d at=02T10:00",
            Lead,
            V(60.0),
        ),
        ("direct pushes have no lead time", MARCH, "C c committed=02T09:00 by=d;D d at=02T10:00", Lead, N(0)),
        (
            "not deployed: not counted",
            MARCH,
            "P p authored=02T09:00 opened=02T09:00 merged=02T09:00",
            Lead,
            N(0),
        ),
        (
            "the first deployment is not credited, the next is",
            MARCH,
            "P p authored=02T09:00 opened=02T09:00 merged=02T09:00;P q authored=02T11:00 opened=02T11:00 merged=02T11:00;D d at=02T10:00;D e at=02T12:00",
            Lead,
            N(1),
        ),
        (
            "the latest deployment of the whole project",
            MARCH,
            "D d1 at=02T10:00 service=a;D d2 at=02T11:00 service=b;I i opened=02T12:00 service=a",
            Rate,
            V(0.5),
        ),
        (
            "finished before the incident, not with it",
            MARCH,
            "D d at=02T10:00;I i opened=02T10:00",
            Rate,
            V(0.0),
        ),
        ("however long before", MARCH, "D d at=02T10:00;I i opened=30T10:00", Rate, V(1.0)),
        (
            "two incidents, one failed deployment",
            MARCH,
            "D d at=02T10:00;I i opened=02T11:00;I j opened=02T12:00",
            Rate,
            V(1.0),
        ),
        (
            "result FAILURE is no change failure",
            MARCH,
            "D d at=02T10:00;D e at=03T10:00 outcome=failed",
            Rate,
            V(0.0),
        ),
        ("staging does not count", MARCH, "D d1 at=02T10:00 env=staging", Frequency, N(0)),
        (
            "weeks without a deployment count, before the first one too",
            (2, 29),
            "D d at=25T10:00;D e at=26T10:00",
            Frequency,
            V(0.0),
        ),
        (
            "a deployment is of the day on which its last part ended",
            (2, 2),
            "D d at=03T01:00 parts=02T23:00,03T01:00",
            Frequency,
            N(0),
        ),
        (
            "without a commit the coding time is left out",
            MARCH,
            "P p opened=02T09:10 merged=02T09:20 by=d;D d at=02T10:00",
            Lead,
            V(50.0),
        ),
        (
            "an instant later is a minute",
            MARCH,
            "P p authored=02T10:00 opened=02T10:00 merged=02T10:00 by=d;D d at=02T10:00:01",
            Lead,
            V(1.0),
        ),
        ("resolved in the window counts, open does not", MARCH, "I i opened=02T10:00", Restore, N(0)),
        (
            "the lower of two times to restore",
            MARCH,
            "I i opened=02T10:00 resolved=02T11:00;I j opened=02T10:00 resolved=02T12:00",
            Restore,
            V(60.0),
        ),
        ("nothing was resolved: no time", MARCH, "", Restore, Nothing),
        ("no deployment: no rate", MARCH, "I i opened=30T10:00", Rate, Nothing),
    ];
    check(&Definition::devlake_2021(), common);
    check(&Definition::devlake_2023(), common);
    let late = "D d at=02T09:00;I i opened=02T10:00 resolved=12T10:00";
    check(&Definition::devlake_2021(), &[("restore by resolution", (10, 31), late, Restore, V(14_400.0))]);
    check(
        &Definition::devlake_2023(),
        &[
            (
                "recovery needs a deployment before the incident",
                MARCH,
                "D d at=03T10:00;I i opened=02T11:00 resolved=02T12:00",
                Recovery,
                N(0),
            ),
            ("recovery needs the deployment in the window too", (10, 31), late, Recovery, N(0)),
            ("recovery runs from the end of the deployment", MARCH, late, Recovery, V(14_460.0)),
            (
                "and is negative where the incident was over before",
                MARCH,
                "D d at=02T14:00 parts=02T10:00,02T14:00;I i opened=02T11:00 resolved=02T12:00",
                Recovery,
                V(-120.0),
            ),
            (
                "TIMESTAMPDIFF(MINUTE): towards zero",
                MARCH,
                "D d at=02T14:00 parts=02T10:00,02T14:00;I i opened=02T11:00 resolved=02T11:59:01",
                Recovery,
                V(-120.0),
            ),
        ],
    );
}
