/** The account, of those that the workload `bank` moves money between, that has all of it at first; the others are empty. */
export const FIRST_ACCOUNT = 0;

/** The money that is in `FIRST_ACCOUNT` at first. */
export const ALL_MONEY = 100;
