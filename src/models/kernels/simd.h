// Vectors of floats in the width that this file is compiled for, and the functions of one variable that networks need.
#pragma once
#include <cstdint>
#include <cstring>

namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Vec __attribute__((vector_size(4 * kLanes)));
typedef int32_t IntVec __attribute__((vector_size(4 * kLanes)));

inline Vec load(const float* at) {
  Vec v;
  std::memcpy(&v, at, sizeof v);
  return v;
}

inline void store(float* at, Vec v) { std::memcpy(at, &v, sizeof v); }

/** The first `count` lanes; the others are 0. */
inline Vec load_some(const float* at, int count) {
  if (count == kLanes) return load(at);
  Vec v = {};
  std::memcpy(&v, at, sizeof(float) * count);
  return v;
}

/** Lanes that a row of `width` has from `at` on: all, or what is left. */
inline int lanes_at(int at, int width) { return width - at < kLanes ? width - at : kLanes; }

inline void store_some(float* at, Vec v, int count) {
  if (count == kLanes) return store(at, v);
  std::memcpy(at, &v, sizeof(float) * count);
}

/** Less zero, since compilers leave that out: 0 + x they add, as it is not x where that is −0. */
inline Vec all(float x) { return x - Vec{}; }

inline Vec choose(IntVec where, Vec yes, Vec no) {
  return reinterpret_cast<Vec>((where & reinterpret_cast<IntVec>(yes)) |
                               (~where & reinterpret_cast<IntVec>(no)));
}

inline Vec smaller(Vec a, Vec b) { return choose(a < b, a, b); }
inline Vec larger(Vec a, Vec b) { return choose(a > b, a, b); }

/**
 * eˣ within two units in the last place: x = n·ln 2 + r, e^r by a polynomial (Cephes, expf), times 2ⁿ. Below −87 it is e⁻⁸⁷,
 * above 88 e⁸⁸. NaN stays NaN.
 */
inline Vec exponential(Vec x) {
  const Vec within = smaller(larger(x, all(-87.0f)), all(88.0f));
  // Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
  const Vec shifted = within * 1.44269504f + 12582912.0f;
  const IntVec n = reinterpret_cast<IntVec>(shifted) - 0x4b400000;
  const Vec whole = shifted - 12582912.0f;
  const Vec r = (within - whole * 0.693359375f) + whole * 2.12194440e-4f;
  Vec p = all(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const Vec power = p * r * r + r + 1.0f;
  const Vec scaled = power * reinterpret_cast<Vec>((n + 127) << 23);
  return choose(x == x, scaled, x);
}

/** 1/(1 + e⁻ˣ). */
inline Vec sigmoid(Vec x) { return 1.0f / (1.0f + exponential(-x)); }

/** tanh: near 0 by an odd polynomial (Cephes, tanhf), else 1 − 2/(e^2|x| + 1) with the sign of x. */
inline Vec tangent(Vec x) {
  const IntVec sign = reinterpret_cast<IntVec>(x) & static_cast<int32_t>(0x80000000);
  const Vec size = reinterpret_cast<Vec>(reinterpret_cast<IntVec>(x) ^ sign);
  const Vec square = x * x;
  Vec p = all(-5.70498872745e-3f);
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  const Vec near = p * square * x + x;
  const Vec far = 1.0f - 2.0f / (exponential(size + size) + 1.0f);
  const Vec signed_far = reinterpret_cast<Vec>(reinterpret_cast<IntVec>(far) | sign);
  return choose(size < 0.625f, near, signed_far);
}

}  // namespace
