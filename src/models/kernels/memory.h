// Memory for arrays that live as long as one step of training.
#pragma once
#include <cstdint>
#include <cstdlib>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace {

/**
 * Asks for pages of 2 MiB below a large array that was not written to yet: the system then hands out some tens of pages instead
 * of thousands.
 */
inline void in_large_pages(void* at, std::size_t bytes) {
#if defined(__linux__)
  constexpr std::uintptr_t page = 2 << 20;
  const std::uintptr_t from = (reinterpret_cast<std::uintptr_t>(at) + page - 1) / page * page;
  const std::uintptr_t to = (reinterpret_cast<std::uintptr_t>(at) + bytes) / page * page;
  if (to > from) madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
#else
  (void)at;
  (void)bytes;
#endif
}

/** `count` floats at an address that vectors like; to be given back by `free`. */
inline float* floats(long count) {
  const std::size_t bytes = (sizeof(float) * count + 63) / 64 * 64 + 64;
  float* const at = static_cast<float*>(std::aligned_alloc(64, bytes));
  in_large_pages(at, bytes);
  return at;
}

}  // namespace
