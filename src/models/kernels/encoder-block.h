// One block of a Transformer, window by window so that all of it stays in the cache: x ← x + attention(norm(x)), then
// x ← x + units(norm(x)). The backward pass computes each window's forward pass again, and so keeps nothing but x.
#pragma once
#include <initializer_list>

#include "attention.h"
#include "gemm.h"
#include "kernels.h"
#include "layer-norm.h"
#include "parallel.h"

namespace {

/** Groups of windows whose gradients are summed apart, and then in their order: the same bits on any number of cores. */
constexpr int kGroups = 16;

/** Floats of each array of a block. */
inline long array_size(BlockSizes s, int array) {
  switch (array) {
    case kQuery:
    case kKey:
    case kValue:
    case kOutput:
      return long(s.width) * s.width;
    case kUnitsIn:
    case kUnitsOut:
      return long(s.width) * s.units;
    case kUnitsInBias:
      return s.units;
    default:
      return s.width;
  }
}

/** Hands out stretches of one piece of memory. */
class Scratch {
 public:
  explicit Scratch(long count) : memory_(count), next_(memory_) {}

  float* take(long count) {
    float* const at = next_;
    next_ += rounded(count);
    return at;
  }

  static long rounded(long count) { return (count + 15) / 16 * 16; }

 private:
  const Floats memory_;
  float* next_;
};

/** The block's matrices as `multiply` takes them, or their transposes. */
class PackedBlock {
 public:
  PackedBlock(BlockSizes s, const float* const* arrays, bool are_transposed) : memory_(count(s)) {
    const auto add = [&](BlockArray array, int rows, int columns) {
      float* const at = memory_.take(size(rows, columns));
      if (are_transposed) {
        pack(columns, rows, transposed(arrays[array], columns), at);
      } else {
        pack(rows, columns, plain(arrays[array], columns), at);
      }
      at_[array] = at;
    };
    for (const BlockArray array : {kQuery, kKey, kValue, kOutput}) add(array, s.width, s.width);
    add(kUnitsIn, s.width, s.units);
    add(kUnitsOut, s.units, s.width);
  }

  const float* operator[](BlockArray array) const { return at_[array]; }

 private:
  static long size(int rows, int columns) {
    const long one = packed_size(rows, columns);
    const long other = packed_size(columns, rows);
    return one > other ? one : other;
  }

  static long count(BlockSizes s) {
    return 4 * Scratch::rounded(size(s.width, s.width)) +
           2 * Scratch::rounded(size(s.width, s.units));
  }

  Scratch memory_;
  const float* at_[kBlockArrays];
};

/** What one window's forward pass leaves for its backward one. Queries are all steps, or the last one. */
struct WindowStates {
  const AttentionSizes size;
  Scratch memory;
  float *x, *read_normal, *read_scale, *read, *q, *k, *v, *weights, *taken, *stream, *units_normal,
      *units_scale, *seen, *units, *added, *scratch;

  explicit WindowStates(BlockSizes s)
      : size{s.last_only ? 1 : s.steps, s.steps, s.width, s.heads}, memory(count(s, size)) {
    const long all = long(s.steps) * s.width;
    const long asked = long(size.queries) * s.width;
    x = memory.take(all);
    read_normal = memory.take(all);
    read_scale = memory.take(s.steps);
    read = memory.take(all);
    q = memory.take(asked);
    k = memory.take(all);
    v = memory.take(all);
    weights = memory.take(long(s.heads) * size.queries * size.stride());
    taken = memory.take(asked);
    stream = memory.take(asked);
    units_normal = memory.take(asked);
    units_scale = memory.take(size.queries);
    seen = memory.take(asked);
    units = memory.take(long(size.queries) * s.units);
    added = memory.take(asked);
    scratch = memory.take(attention_scratch(size));
  }

  static long count(BlockSizes s, AttentionSizes size) {
    const long all = Scratch::rounded(long(s.steps) * s.width);
    const long asked = Scratch::rounded(long(size.queries) * s.width);
    return 5 * all + 6 * asked + Scratch::rounded(s.steps) + Scratch::rounded(size.queries) +
           Scratch::rounded(long(s.heads) * size.queries * size.stride()) +
           Scratch::rounded(long(size.queries) * s.units) +
           Scratch::rounded(attention_scratch(size));
  }
};

/** to = from · keep, row by row; keep is null where nothing is dropped. */
inline void dropped(int rows, int width, const float* from, const float* keep, float* to) {
  for (int r = 0; r < rows; r++, from += width, to += width) {
    for (int j = 0; j < width; j++) to[j] = keep == nullptr ? from[j] : from[j] * keep[j];
  }
}

/** One window from x, `row` floats from step to step; the block's result is stream + added. */
__attribute__((noinline)) void window_forward(BlockSizes s, const float* x, long row, const float* const* arrays,
                           const PackedBlock& packed, const float* keep_read,
                           const float* keep_units, WindowStates& w) {
  const int width = s.width;
  const int asked = w.size.queries;
  const int first = s.steps - asked;
  for (int t = 0; t < s.steps; t++) {
    std::memcpy(w.x + long(t) * width, x + t * row, sizeof(float) * width);
  }
  norm_forward(s.steps, width, w.x, arrays[kReadGain], arrays[kReadBias], w.read_normal,
               w.read_scale, w.read);
  multiply(asked, width, width, plain(w.read + long(first) * width, width), packed[kQuery], w.q,
           width);
  multiply(s.steps, width, width, plain(w.read, width), packed[kKey], w.k, width);
  multiply(s.steps, width, width, plain(w.read, width), packed[kValue], w.v, width);
  attention_forward(w.size, w.q, w.k, w.v, w.weights, w.taken, w.scratch);
  multiply(asked, width, width, plain(w.taken, width), packed[kOutput], w.stream, width,
           {false, arrays[kOutputBias]});
  dropped(asked, width, w.stream, keep_read, w.stream);
  for (int i = 0; i < asked * width; i++) w.stream[i] += w.x[long(first) * width + i];
  norm_forward(asked, width, w.stream, arrays[kUnitsGain], arrays[kUnitsBias], w.units_normal,
               w.units_scale, w.seen);
  multiply(asked, s.units, width, plain(w.seen, width), packed[kUnitsIn], w.units, s.units,
           {false, arrays[kUnitsInBias]});
  for (int i = 0; i < asked * s.units; i++) w.units[i] = w.units[i] > 0 ? w.units[i] : 0;
  multiply(asked, width, s.units, plain(w.units, s.units), packed[kUnitsOut], w.added, width,
           {false, arrays[kUnitsOutBias]});
  dropped(asked, width, w.added, keep_units, w.added);
}

inline void block_forward(BlockSizes s, const float* x, const float* const* arrays,
                          const float* keep, float* y) {
  const PackedBlock packed(s, arrays, false);
  const long row = long(s.batch) * s.width;
  const int parts = s.batch < kGroups ? s.batch : kGroups;
  parallel(parts, [&](int part) {
    WindowStates w(s);
    const auto [from, to] = stretch(s.batch, parts, part, 1);
    for (int b = from; b < to; b++) {
      const long at = long(b) * s.width;
      window_forward(s, x + at, row, arrays, packed, keep == nullptr ? nullptr : keep + at,
                     keep == nullptr ? nullptr : keep + row + at, w);
      for (int t = 0; t < w.size.queries; t++) {
        const long from_row = long(t) * s.width;
        for (int j = 0; j < s.width; j++) {
          y[t * row + at + j] = w.stream[from_row + j] + w.added[from_row + j];
        }
      }
    }
  });
}

/** Room for one window's slopes. */
struct WindowSlopes {
  Scratch memory;
  float *stream, *added, *units, *seen, *taken, *q, *k, *v, *read, *packed;

  explicit WindowSlopes(BlockSizes s) : memory(count(s)) {
    const long all = long(s.steps) * s.width;
    for (float** one : {&stream, &added, &seen, &taken, &q, &k, &v, &read}) {
      *one = memory.take(all);
    }
    units = memory.take(long(s.steps) * s.units);
    packed = memory.take(largest(s));
  }

  static long largest(BlockSizes s) {
    const long one = packed_size(s.steps, s.units);
    const long other = packed_size(s.steps, s.width);
    return one > other ? one : other;
  }

  static long count(BlockSizes s) {
    return 8 * Scratch::rounded(long(s.steps) * s.width) +
           Scratch::rounded(long(s.steps) * s.units) + Scratch::rounded(largest(s));
  }
};

/** Adds leftᵀ · slope to `gradient`, and the slopes' sums to `bias` where it is not null; `packed` is room. */
__attribute__((noinline)) void add_outer(int rows, int left_width, int width, const float* left, const float* slope,
                      float* packed, float* gradient, float* bias) {
  pack(rows, width, plain(slope, width), packed);
  multiply(left_width, width, rows, transposed(left, left_width), packed, gradient, width,
           {true, nullptr});
  if (bias == nullptr) return;
  for (int r = 0; r < rows; r++) {
    for (int j = 0; j < width; j++) bias[j] += slope[long(r) * width + j];
  }
}

/** One window's slopes: adds to the arrays' gradients, and leaves that of x in `d.stream` (last steps) and `d.read` (all). */
__attribute__((noinline)) void window_backward(BlockSizes s, const float* const* arrays, const PackedBlock& turned,
                            const float* keep_read, const float* keep_units, WindowStates& w,
                            WindowSlopes& d, float* const* gradients) {
  const int width = s.width;
  const int asked = w.size.queries;
  const int first = s.steps - asked;
  // x + units(norm(x)): d.stream begins as the slope of what comes out.
  dropped(asked, width, d.stream, keep_units, d.added);
  add_outer(asked, s.units, width, w.units, d.added, d.packed, gradients[kUnitsOut],
            gradients[kUnitsOutBias]);
  multiply(asked, s.units, width, plain(d.added, width), turned[kUnitsOut], d.units, s.units);
  for (int i = 0; i < asked * s.units; i++) d.units[i] = w.units[i] > 0 ? d.units[i] : 0;
  add_outer(asked, width, s.units, w.seen, d.units, d.packed, gradients[kUnitsIn],
            gradients[kUnitsInBias]);
  multiply(asked, width, s.units, plain(d.units, s.units), turned[kUnitsIn], d.seen, width);
  norm_backward(asked, width, d.seen, arrays[kUnitsGain], w.units_normal, w.units_scale, d.stream,
                gradients[kUnitsGain], gradients[kUnitsBias]);
  // x + attention(norm(x))
  dropped(asked, width, d.stream, keep_read, d.added);
  add_outer(asked, width, width, w.taken, d.added, d.packed, gradients[kOutput],
            gradients[kOutputBias]);
  multiply(asked, width, width, plain(d.added, width), turned[kOutput], d.taken, width);
  attention_backward(w.size, w.q, w.k, w.v, w.weights, d.taken, d.q, d.k, d.v, w.scratch);
  add_outer(asked, width, width, w.read + long(first) * width, d.q, d.packed, gradients[kQuery],
            nullptr);
  add_outer(s.steps, width, width, w.read, d.k, d.packed, gradients[kKey], nullptr);
  add_outer(s.steps, width, width, w.read, d.v, d.packed, gradients[kValue], nullptr);
  float* const seen = d.seen;
  multiply(s.steps, width, width, plain(d.k, width), turned[kKey], seen, width);
  multiply(s.steps, width, width, plain(d.v, width), turned[kValue], seen, width, {true, nullptr});
  multiply(asked, width, width, plain(d.q, width), turned[kQuery], seen + long(first) * width,
           width, {true, nullptr});
  std::memset(d.read, 0, sizeof(float) * s.steps * width);
  std::memcpy(d.read + long(first) * width, d.stream, sizeof(float) * asked * width);
  norm_backward(s.steps, width, seen, arrays[kReadGain], w.read_normal, w.read_scale, d.read,
                gradients[kReadGain], gradients[kReadBias]);
}

inline void block_backward(BlockSizes s, const float* x, const float* const* arrays,
                           const float* keep, const float* y_gradient, float* x_gradient,
                           float* const* gradients) {
  const PackedBlock packed(s, arrays, false);
  const PackedBlock turned(s, arrays, true);
  const long row = long(s.batch) * s.width;
  const int parts = s.batch < kGroups ? s.batch : kGroups;
  long count = 0;
  for (int array = 0; array < kBlockArrays; array++) count += array_size(s, array);
  const Floats sums(count * parts);
  std::memset(sums, 0, sizeof(float) * count * parts);
  parallel(parts, [&](int part) {
    WindowStates w(s);
    WindowSlopes d(s);
    float* own[kBlockArrays];
    float* at_sum = sums + count * part;
    for (int array = 0; array < kBlockArrays; array++) {
      own[array] = at_sum;
      at_sum += array_size(s, array);
    }
    const auto [from, to] = stretch(s.batch, parts, part, 1);
    for (int b = from; b < to; b++) {
      const long at = long(b) * s.width;
      const float* const keep_read = keep == nullptr ? nullptr : keep + at;
      const float* const keep_units = keep == nullptr ? nullptr : keep + row + at;
      window_forward(s, x + at, row, arrays, packed, keep_read, keep_units, w);
      for (int t = 0; t < w.size.queries; t++) {
        std::memcpy(d.stream + long(t) * s.width, y_gradient + t * row + at,
                    sizeof(float) * s.width);
      }
      window_backward(s, arrays, turned, keep_read, keep_units, w, d, own);
      for (int t = 0; t < s.steps; t++) {
        std::memcpy(x_gradient + t * row + at, d.read + long(t) * s.width,
                    sizeof(float) * s.width);
      }
    }
  });
  long at = 0;
  for (int array = 0; array < kBlockArrays; array++) {
    const long size = array_size(s, array);
    for (long i = 0; i < size; i++) {
      float sum = 0;
      for (int part = 0; part < parts; part++) sum += sums[count * part + at + i];
      gradients[array][i] = sum;
    }
    at += size;
  }
}

}  // namespace
