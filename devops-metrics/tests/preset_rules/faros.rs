use super::*;

#[test]
fn rule_by_rule() {
    check(
        &Definition::faros(),
        &[
            ("deployments a week", MARCH, "D d at=02T12:00", Frequency, V(7.0 / 31.0)),
            (
                "incidents per deployment, without a link",
                MARCH,
                "D d at=20T10:00;I i opened=02T10:00;I j opened=02T11:00",
                Rate,
                V(200.0),
            ),
            (
                "a change set by time between the commits of two deployments",
                MARCH,
                "P o commit=h1 opened=02T07:00 merged=02T08:00;P p commit=h2 opened=02T10:00 merged=02T11:00;D d at=02T09:00 commit=h1;D e at=02T13:00 commit=h2",
                Lead,
                V(2.5),
            ),
            (
                "what was merged after the deployed commit waits for the next deployment",
                MARCH,
                "P o commit=h1 merged=02T08:00;P p commit=h2 merged=02T10:00;P q commit=x merged=02T10:30;D d at=02T09:00 commit=h1;D e at=02T11:00 commit=h2",
                Lead,
                N(2),
            ),
            (
                "the first deployment carries its own commit alone",
                MARCH,
                "P o commit=x merged=02T07:00;P p commit=h merged=02T08:00;D d at=02T09:00 commit=h",
                Lead,
                V(1.0),
            ),
            (
                "nothing but time: what events name does not matter",
                MARCH,
                "P o commit=h1 merged=02T07:00;P p merged=02T08:00 by=d;P q commit=h2 merged=02T10:00;D d at=02T07:30 commit=h1;D e at=02T11:00 commit=h2",
                Lead,
                N(3),
            ),
            (
                "back to an older commit brings nothing new",
                MARCH,
                "P o commit=h1 merged=02T07:00;P p commit=h2 merged=02T08:00;D d at=02T07:30 commit=h1;D e at=02T09:00 commit=h2;D f at=02T10:00 commit=h1",
                Lead,
                N(2),
            ),
            (
                "nothing lies between a commit and an older one, deployed before or not",
                MARCH,
                "P o commit=h1 merged=02T07:00;P p commit=h2 merged=02T08:00;D d at=02T09:00 commit=h2;D e at=02T10:00 commit=h1",
                Lead,
                N(1),
            ),
            (
                "deployments that name no commit of the log: nothing",
                MARCH,
                "P p merged=02T11:00;D d at=02T09:00;D e at=02T13:00",
                Lead,
                Nothing,
            ),
            (
                "from the merge, where the opening is not known",
                MARCH,
                "P p commit=h merged=02T11:00;D d at=02T13:00 commit=h",
                Lead,
                V(2.0),
            ),
            ("production", MARCH, "D d at=02T12:00 env=staging", Frequency, N(0)),
            (
                "the mean of what was resolved",
                MARCH,
                "I i opened=02T10:00 resolved=02T11:00;I j opened=02T10:00 resolved=02T15:00;I k opened=02T10:00",
                Restore,
                V(3.0),
            ),
            (
                "a commit stands at its commit, whenever it was merged",
                MARCH,
                "C h committed=01T09:00;D d at=01T10:00 commit=h;P p opened=04T08:00 merged=04T09:00;C k committed=03T09:00 merged=05T09:00;D e at=06T10:00 commit=k",
                Lead,
                N(0),
            ),
        ],
    );
}
