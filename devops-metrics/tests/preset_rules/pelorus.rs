use super::*;

#[test]
fn rule_by_rule() {
    check(
        &Definition::pelorus(),
        &[
            (
                "the deployed commit alone",
                MARCH,
                "C a committed=02T09:00 by=d;C b committed=02T11:00;D d at=02T12:00 commit=b",
                Lead,
                V(3_600.0),
            ),
            (
                "the mean of the services' means",
                MARCH,
                "C a committed=02T09:00 service=s;C b committed=02T09:00 service=s;C c committed=02T09:00 service=t;D x at=02T10:00 commit=a service=s;D y at=02T12:00 commit=b service=s;D z at=02T14:00 commit=c service=t",
                Lead,
                V(12_600.0),
            ),
            (
                "failures over lead times: can exceed 1",
                MARCH,
                "C a committed=02T09:00;D d at=02T12:00 commit=a;I i opened=02T10:00;I j opened=02T11:00",
                Rate,
                V(2.0),
            ),
            (
                "a commit counts with each deployment of it",
                MARCH,
                "C a committed=02T09:00;D d at=02T10:00 commit=a;D e at=02T12:00 commit=a",
                Lead,
                V(7_200.0),
            ),
            ("any environment", MARCH, "D d at=02T10:00 env=staging", Frequency, N(1)),
            (
                "a service without lead times has no rate",
                MARCH,
                "C a committed=02T09:00 service=s;D d at=02T12:00 commit=a service=s;I i opened=02T10:00 service=t",
                Rate,
                V(0.0),
            ),
            (
                "rates of services weigh the same",
                MARCH,
                "C a committed=02T09:00 service=s;C b committed=02T09:00 service=t;D d at=02T12:00 commit=a service=s;D e at=02T12:00 commit=b service=t;I i opened=02T10:00 service=t",
                Rate,
                V(0.5),
            ),
            (
                "open failures are missing",
                MARCH,
                "I i opened=02T10:00;I j opened=02T10:00 resolved=02T10:30",
                Restore,
                V(1_800.0),
            ),
            (
                "the mean of the services' means of restore",
                MARCH,
                "I i opened=02T10:00 resolved=02T11:00 service=s;I j opened=02T10:00 resolved=02T13:00 service=s;I k opened=02T10:00 resolved=02T14:00 service=t",
                Restore,
                V(10_800.0),
            ),
            ("the count", MARCH, "D d at=02T12:00;D e at=02T12:00", Frequency, V(2.0)),
            (
                "the count of all services",
                MARCH,
                "D d at=02T12:00 service=s;D e at=02T12:00 service=t;D f at=03T12:00 service=t",
                Frequency,
                V(3.0),
            ),
            ("absent where nothing is", MARCH, "", Lead, Nothing),
        ],
    );
}
