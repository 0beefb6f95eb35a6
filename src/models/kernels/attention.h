// Causal attention of one window, head by head: each query takes the mean of the values up to its own step by its weights on them.
#pragma once
#include <cmath>

#include "gemm.h"

namespace {

/** One window's attention: `queries` are those of the last steps. */
struct AttentionSizes {
  int queries;
  int steps;
  int width;
  int heads;

  int size() const { return width / heads; }
  /** Floats from one query's weights to the next: vectors without an end of their own. */
  int stride() const { return (steps + kLanes - 1) / kLanes * kLanes; }
};

/** Packed matrices of one head, and one of queries × stride. */
inline long attention_scratch(AttentionSizes s) {
  const int longest = s.steps > s.size() ? s.steps : s.size();
  return packed_size(longest, longest) + long(s.queries) * s.stride();
}

/** The softmax of a row's first `count` values times `factor`; the rest becomes 0. */
inline void softmax(float* row, int count, int stride, float factor) {
  float most = row[0];
  for (int j = 1; j < count; j++) most = row[j] > most ? row[j] : most;
  for (int j = count; j < stride; j++) row[j] = row[0];
  Vec sum = {};
  for (int j = 0; j < stride; j += kLanes) {
    store(row + j, exponential((load(row + j) - most) * factor));
  }
  for (int j = count; j < stride; j++) row[j] = 0;
  for (int j = 0; j < stride; j += kLanes) sum += load(row + j);
  float whole = 0;
  for (int i = 0; i < kLanes; i++) whole += sum[i];
  const float share = 1.0f / whole;
  for (int j = 0; j < stride; j += kLanes) store(row + j, load(row + j) * share);
}

/**
 * @param q queries × width
 * @param k steps × width, as v
 * @param weights heads × queries × stride: what each query reads of each step
 * @param out queries × width
 */
__attribute__((noinline)) void attention_forward(AttentionSizes s, const float* q, const float* k, const float* v,
                              float* weights, float* out, float* scratch) {
  const int size = s.size();
  const int stride = s.stride();
  const float factor = 1.0f / std::sqrt(float(size));
  for (int head = 0; head < s.heads; head++, weights += long(s.queries) * stride) {
    const int at = head * size;
    pack(size, s.steps, transposed(k + at, s.width), scratch);
    multiply(s.queries, s.steps, size, plain(q + at, s.width), scratch, weights, stride);
    for (int i = 0; i < s.queries; i++) {
      softmax(weights + long(i) * stride, s.steps - s.queries + i + 1, stride, factor);
    }
    pack(s.steps, size, plain(v + at, s.width), scratch);
    multiply(s.queries, size, s.steps, plain(weights, stride), scratch, out + at, s.width);
  }
}

/** Slopes of q, k and v from those of what came out; arrays as in `attention_forward`. */
__attribute__((noinline)) void attention_backward(AttentionSizes s, const float* q, const float* k, const float* v,
                               const float* weights, const float* slope, float* q_slope,
                               float* k_slope, float* v_slope, float* scratch) {
  const int size = s.size();
  const int stride = s.stride();
  const float factor = 1.0f / std::sqrt(float(size));
  float* const scores = scratch;
  float* const packed = scratch + long(s.queries) * stride;
  for (int head = 0; head < s.heads; head++, weights += long(s.queries) * stride) {
    const int at = head * size;
    pack(size, s.steps, transposed(v + at, s.width), packed);
    multiply(s.queries, s.steps, size, plain(slope + at, s.width), packed, scores, stride);
    for (int i = 0; i < s.queries; i++) {
      // Through the softmax: weights · (slope − Σ weights·slope)
      float* const row = scores + long(i) * stride;
      const float* const own = weights + long(i) * stride;
      for (int j = s.steps; j < stride; j++) row[j] = 0;
      Vec sum = {};
      for (int j = 0; j < stride; j += kLanes) sum += load(own + j) * load(row + j);
      float along = 0;
      for (int j = 0; j < kLanes; j++) along += sum[j];
      for (int j = 0; j < stride; j += kLanes) {
        store(row + j, load(own + j) * (load(row + j) - along) * factor);
      }
    }
    pack(s.steps, size, plain(k + at, s.width), packed);
    multiply(s.queries, size, s.steps, plain(scores, stride), packed, q_slope + at, s.width);
    pack(s.queries, size, plain(q + at, s.width), packed);
    multiply(s.steps, size, s.queries, transposed(scores, stride), packed, k_slope + at, s.width);
    pack(s.queries, size, plain(slope + at, s.width), packed);
    multiply(s.steps, size, s.queries, transposed(weights, stride), packed, v_slope + at, s.width);
  }
}

}  // namespace
