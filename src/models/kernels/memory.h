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

/** Thrown where there is none. No class of the standard library, whose functions may be compiled for another processor. */
struct NoMemory {};

/** `count` floats at an address that vectors like, until the end of a scope. */
class Floats {
 public:
  explicit Floats(long count) : at_(allocated(count)) {}
  ~Floats() { std::free(at_); }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;

  operator float*() const { return at_; }

 private:
  static float* allocated(long count) {
    const std::size_t bytes = (sizeof(float) * count + 63) / 64 * 64 + 64;
    void* const at = std::aligned_alloc(64, bytes);
    if (at == nullptr) throw NoMemory{};
    in_large_pages(at, bytes);
    return static_cast<float*>(at);
  }

  float* const at_;
};

}  // namespace
