/** Milliseconds of the machine's steady clock, which all its processes share; of no meaning but in differences. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
