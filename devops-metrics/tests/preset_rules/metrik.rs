use super::*;

#[test]
fn rule_by_rule() {
    check(
        &Definition::metrik(),
        &[
            (
                "commits of failed runs roll to the next success",
                MARCH,
                "C a committed=02T09:00 by=d;C b committed=02T11:00 by=e;D d at=02T10:00 outcome=failed;D e at=02T12:00",
                Lead,
                V(7_200_000.0),
            ),
            (
                "failed runs over all runs",
                MARCH,
                "D d at=02T10:00 outcome=failed;D e at=02T12:00",
                Rate,
                V(50.0),
            ),
            (
                "from the first of failed runs to the next success",
                MARCH,
                "D d at=02T10:00 outcome=failed;D e at=02T11:00 outcome=failed;D f at=02T13:00",
                Restore,
                V(10_800_000.0),
            ),
            (
                "incidents are not looked at",
                MARCH,
                "D f at=02T13:00;I i opened=02T14:00 resolved=02T15:00",
                Restore,
                N(0),
            ),
            (
                "a run of another status is no run",
                MARCH,
                "D d at=02T10:00 outcome=cancelled;D e at=02T12:00 outcome=failed;D f at=02T13:00",
                Rate,
                V(50.0),
            ),
            (
                "the mean over commits, not over runs",
                MARCH,
                "C a committed=02T09:00 by=d;C b committed=02T10:00 by=e;C c committed=02T11:00 by=e;D d at=02T10:00;D e at=02T12:00",
                Lead,
                V(4_800_000.0),
            ),
            (
                "restore by its end",
                (10, 31),
                "D d at=09T10:00 outcome=failed;D e at=10T10:00",
                Restore,
                V(86_400_000.0),
            ),
            (
                "pipelines recover each by itself",
                MARCH,
                "D d at=02T10:00 outcome=failed service=a;D e at=02T11:00 service=b;D f at=02T13:00 service=a",
                Restore,
                V(10_800_000.0),
            ),
            (
                "successful runs a day",
                MARCH,
                "D d at=02T10:00;D e at=02T12:00 outcome=failed",
                Frequency,
                V(1.0 / 31.0),
            ),
            ("no commit: NaN", MARCH, "D d at=02T10:00", Lead, Nothing),
            ("what never recovered is not counted", MARCH, "D d at=02T10:00 outcome=failed", Restore, N(0)),
            ("no run: NaN", MARCH, "", Rate, Nothing),
        ],
    );
}
