/** The longest time that a timer of the platform can hold, in ms. A longer one fires at once. Source: HTML §8.6, Node. */
export const maxTimerDelay = 2_147_483_647;
