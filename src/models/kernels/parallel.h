// Work on several cores, whose results do not depend on how many there are.
#pragma once
#include "memory.h"

/** Cores that work at once: what TensorFlow is told by TF_NUM_INTRAOP_THREADS, else all. */
int tickbook_threads();

/** Calls work(context, part) for each part from 0 on, several at a time; returns when all are done. */
void tickbook_parallel(int parts, void (*work)(void* context, int part), void* context);

namespace {

/** The same for a function object; a part that has no memory ends the whole, when the others are done. */
template <typename Work>
inline void parallel(int parts, const Work& work) {
  struct Whole {
    const Work& work;
    bool lacks_memory;
  };
  Whole whole = {work, false};
  const auto one = [](void* context, int part) {
    Whole& own = *static_cast<Whole*>(context);
    try {
      own.work(part);
    } catch (const NoMemory&) {
      __atomic_store_n(&own.lacks_memory, true, __ATOMIC_RELAXED);
    }
  };
  tickbook_parallel(parts, one, &whole);
  if (whole.lacks_memory) throw NoMemory{};
}

struct Range {
  int from;
  int to;
};

/** The part-th of `parts` stretches of `count`, each a multiple of `grain` long but for the last. */
inline Range stretch(int count, int parts, int part, int grain) {
  const int blocks = (count + grain - 1) / grain;
  const int from = int(long(blocks) * part / parts) * grain;
  const int to = int(long(blocks) * (part + 1) / parts) * grain;
  return {from < count ? from : count, to < count ? to : count};
}

}  // namespace
