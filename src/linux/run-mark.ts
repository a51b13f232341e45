/** Marks every process of a run in its environment, with the run's id. */
export const RUN_MARK = 'MOMUS_RUN';
