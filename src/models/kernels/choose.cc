#include <cstdlib>
#include <cstring>

#include "kernels.h"

extern const Kernels tickbook_plain;
#if defined(__x86_64__)
extern const Kernels tickbook_avx2;
extern const Kernels tickbook_avx512;
#endif

namespace {

/** TICKBOOK_PROCESSOR names a lesser processor than there is, so that its kernels can be tried. */
bool may_be(const char* kind) {
  const char* const asked = std::getenv("TICKBOOK_PROCESSOR");
  return asked == nullptr || std::strcmp(asked, kind) == 0;
}

const Kernels& best() {
#if defined(__x86_64__)
  if (may_be("avx512") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return tickbook_avx512;
  if (may_be("avx2") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return tickbook_avx2;
#endif
  return tickbook_plain;
}

}  // namespace

const Kernels& tickbook_kernels() {
  static const Kernels& chosen = best();
  return chosen;
}
