#include "kernels.h"

extern const Kernels tickbook_plain;
#if defined(__x86_64__)
extern const Kernels tickbook_avx2;
extern const Kernels tickbook_avx512;
#endif

const Kernels& tickbook_kernels() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return tickbook_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return tickbook_avx2;
#endif
  return tickbook_plain;
}
