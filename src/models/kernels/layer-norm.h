// Each row to mean 0 and variance 1, then stretched and shifted; forward and backward.
#pragma once
#include <cmath>

#include "simd.h"

namespace {

constexpr float kEpsilon = 1e-5f;

/** Lanes added from the first to the last. */
inline float total(Vec v) {
  float sum = 0;
  for (int i = 0; i < kLanes; i++) sum += v[i];
  return sum;
}

/** (x − mean)/√(variance + 1e-5) to `normal`, 1/√(…) to `scale`, normal·gain + bias to `out`. */
__attribute__((noinline)) void norm_forward(int rows, int width, const float* x, const float* gain, const float* bias,
                         float* normal, float* scale, float* out) {
  for (int r = 0; r < rows; r++, x += width, normal += width, out += width) {
    Vec sum = {};
    for (int j = 0; j < width; j += kLanes) sum += load_some(x + j, lanes_at(j, width));
    const float mean = total(sum) / float(width);
    Vec squares = {};
    for (int j = 0; j < width; j += kLanes) {
      const int n = lanes_at(j, width);
      const Vec centred = load_some(x + j, n) - mean;
      store_some(normal + j, centred, n);
      // Lanes beyond the row are 0 only when they are read back.
      const Vec own = load_some(normal + j, n);
      squares += own * own;
    }
    const float factor = 1.0f / std::sqrt(total(squares) / float(width) + kEpsilon);
    scale[r] = factor;
    for (int j = 0; j < width; j += kLanes) {
      const int n = lanes_at(j, width);
      const Vec own = load_some(normal + j, n) * factor;
      store_some(normal + j, own, n);
      store_some(out + j, own * load_some(gain + j, n) + load_some(bias + j, n), n);
    }
  }
}

/**
 * With g = slope·gain: scale·(g − mean(g) − normal·mean(g·normal)) is added to `x_slope`; sums over rows are added to the slopes
 * of gain and bias.
 */
__attribute__((noinline)) void norm_backward(int rows, int width, const float* slope, const float* gain,
                          const float* normal, const float* scale, float* x_slope,
                          float* gain_slope, float* bias_slope) {
  for (int r = 0; r < rows; r++, slope += width, normal += width, x_slope += width) {
    Vec sum = {};
    Vec along = {};
    for (int j = 0; j < width; j += kLanes) {
      const int n = lanes_at(j, width);
      const Vec own = load_some(slope + j, n);
      const Vec unit = load_some(normal + j, n);
      const Vec g = own * load_some(gain + j, n);
      sum += g;
      along += g * unit;
      store_some(gain_slope + j, load_some(gain_slope + j, n) + own * unit, n);
      store_some(bias_slope + j, load_some(bias_slope + j, n) + own, n);
    }
    const float mean = total(sum) / float(width);
    const float share = total(along) / float(width);
    for (int j = 0; j < width; j += kLanes) {
      const int n = lanes_at(j, width);
      const Vec g = load_some(slope + j, n) * load_some(gain + j, n);
      const Vec change = scale[r] * (g - mean - share * load_some(normal + j, n));
      store_some(x_slope + j, load_some(x_slope + j, n) + change, n);
    }
  }
}

}  // namespace
