/** Rounds of a planner: the first, and those after a criticism. */
export const planRoundsMax = 3
