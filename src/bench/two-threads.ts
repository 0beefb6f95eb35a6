/** Threads of each contestant where they are to be equal: what TensorFlow and Python's libraries ask for when they are loaded. */
export const TWO_THREADS: Readonly<Record<string, string>> = {
  TF_NUM_INTRAOP_THREADS: "2",
  TF_NUM_INTEROP_THREADS: "2",
  OMP_NUM_THREADS: "2",
  OPENBLAS_NUM_THREADS: "2",
};
