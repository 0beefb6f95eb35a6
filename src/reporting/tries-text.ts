/** What a try is: N, against which a Sharpe ratio is deflated, counts these and not trials. */
export const TRIES = "trials, each once for every way of executing it that was evaluated";
