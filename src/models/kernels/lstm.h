// One LSTM layer over all steps, forward and backward: h = σ(o)·tanh(c), c = σ(f)·c₋₁ + σ(i)·tanh(c̃), z = [x, h₋₁]·kernel + bias.
#pragma once
#include "gemm.h"
#include "kernels.h"
#include "parallel.h"

namespace {

/** One row's gates from its sums, in place, and its new cell and hidden state; `before` is null at the first step. */
inline void lstm_gates(int units, float* gates, const float* before, float* cell, float* hidden) {
  float* const input = gates;
  float* const forget = gates + units;
  float* const candidate = gates + 2 * units;
  float* const output = gates + 3 * units;
  for (int j = 0; j < units; j += kLanes) {
    const int n = lanes_at(j, units);
    const Vec i = sigmoid(load_some(input + j, n));
    const Vec f = sigmoid(load_some(forget + j, n));
    const Vec g = tangent(load_some(candidate + j, n));
    const Vec o = sigmoid(load_some(output + j, n));
    Vec c = i * g;
    if (before != nullptr) c += f * load_some(before + j, n);
    store_some(input + j, i, n);
    store_some(forget + j, f, n);
    store_some(candidate + j, g, n);
    store_some(output + j, o, n);
    store_some(cell + j, c, n);
    store_some(hidden + j, o * tangent(c), n);
  }
}

/** One row's slopes of the four sums; `carried` is what later steps ask of this cell, and becomes what this asks of the one before. */
inline void lstm_slopes(int units, const float* gates, const float* before, const float* cell,
                        const float* to_hidden, const float* carried_hidden, float* carried,
                        float* slopes) {
  for (int j = 0; j < units; j += kLanes) {
    const int n = lanes_at(j, units);
    const Vec i = load_some(gates + j, n);
    const Vec f = load_some(gates + units + j, n);
    const Vec g = load_some(gates + 2 * units + j, n);
    const Vec o = load_some(gates + 3 * units + j, n);
    const Vec squashed = tangent(load_some(cell + j, n));
    const Vec h = load_some(to_hidden + j, n) + load_some(carried_hidden + j, n);
    const Vec c = load_some(carried + j, n) + h * o * (1.0f - squashed * squashed);
    const Vec last = before == nullptr ? Vec{} : load_some(before + j, n);
    store_some(slopes + j, c * g * i * (1.0f - i), n);
    store_some(slopes + units + j, c * last * f * (1.0f - f), n);
    store_some(slopes + 2 * units + j, c * i * (1.0f - g * g), n);
    store_some(slopes + 3 * units + j, h * squashed * o * (1.0f - o), n);
    store_some(carried + j, c * f, n);
  }
}

/** Parts of a batch: some for each core, so that one that is held up leaves its share to the others. */
inline int lstm_parts(int batch) {
  const int blocks = (batch + kRows - 1) / kRows;
  const int wanted = 4 * tickbook_threads();
  return tickbook_threads() == 1 ? 1 : blocks < wanted ? blocks : wanted;
}

inline void lstm_forward(LstmSizes size, const float* x, LstmWeights weights, LstmStates states) {
  const auto [steps, batch, inputs, units] = size;
  const int width = 4 * units;
  const Floats from_x(packed_size(inputs, width));
  const Floats from_h(packed_size(units, width));
  pack(inputs, width, plain(weights.kernel, width), from_x);
  pack(units, width, plain(weights.kernel + long(inputs) * width, width), from_h);
  const int parts = lstm_parts(batch);
  parallel(parts, [&](int part) {
    const auto [from, to] = stretch(batch, parts, part, kRows);
    for (int t = 0; t < steps; t++) {
      const long row = long(t) * batch + from;
      float* const gates = states.gates + row * width;
      multiply(to - from, width, inputs, plain(x + row * inputs, inputs), from_x, gates, width,
               {false, weights.bias});
      if (t > 0) {
        multiply(to - from, width, units, plain(states.hidden + (row - batch) * units, units),
                 from_h, gates, width, {true, nullptr});
      }
      for (int r = 0; r < to - from; r++) {
        const long at = (row + r) * units;
        lstm_gates(units, gates + long(r) * width,
                   t > 0 ? states.cell + at - long(batch) * units : nullptr, states.cell + at,
                   states.hidden + at);
      }
    }
  });
}

/** Slopes of all sums, from the last step to the first, and gradients of the inputs, row by row. */
inline void lstm_rows_backward(LstmSizes size, LstmWeights weights, LstmStates states,
                               const float* hidden_gradient, float* slopes, float* x_gradient) {
  const auto [steps, batch, inputs, units] = size;
  const int width = 4 * units;
  const Floats to_x(packed_size(width, inputs));
  const Floats to_h(packed_size(width, units));
  if (x_gradient != nullptr) pack(width, inputs, transposed(weights.kernel, width), to_x);
  pack(width, units, transposed(weights.kernel + long(inputs) * width, width), to_h);
  const Floats carried(2l * batch * units);
  std::memset(carried, 0, sizeof(float) * 2 * batch * units);
  const int parts = lstm_parts(batch);
  parallel(parts, [&](int part) {
    const auto [from, to] = stretch(batch, parts, part, kRows);
    float* const carried_cell = carried + long(from) * units;
    float* const carried_hidden = carried + long(batch + from) * units;
    for (int t = steps - 1; t >= 0; t--) {
      const long row = long(t) * batch + from;
      float* const own = slopes + row * width;
      for (int r = 0; r < to - from; r++) {
        const long at = (row + r) * units;
        lstm_slopes(units, states.gates + (row + r) * width,
                    t > 0 ? states.cell + at - long(batch) * units : nullptr, states.cell + at,
                    hidden_gradient + at, carried_hidden + long(r) * units,
                    carried_cell + long(r) * units, own + long(r) * width);
      }
      if (t > 0)
        multiply(to - from, units, width, plain(own, width), to_h, carried_hidden, units);
      if (x_gradient != nullptr) {
        multiply(to - from, inputs, width, plain(own, width), to_x, x_gradient + row * inputs,
                 inputs);
      }
    }
  });
}

/** Gradients of kernel and bias: each value is one sum over all steps and rows in their order. */
inline void lstm_weights_backward(LstmSizes size, const float* x, LstmStates states,
                                  const float* slopes, LstmGradients gradients) {
  const auto [steps, batch, inputs, units] = size;
  const int width = 4 * units;
  const int wanted = tickbook_threads() == 1 ? 1 : 2 * tickbook_threads();
  const int parts = panels(width) < wanted ? panels(width) : wanted;
  parallel(parts, [&](int part) {
    const auto [from, to] = stretch(width, parts, part, kPanel);
    const int columns = to - from;
    float* const of_x = gradients.kernel + from;
    float* const of_h = of_x + long(inputs) * width;
    for (int i = 0; i < inputs + units; i++) {
      std::memset(of_x + long(i) * width, 0, sizeof(float) * columns);
    }
    const Floats packed(packed_size(kDepth, columns));
    const Floats bias(packed_size(1, columns));
    std::memset(bias, 0, sizeof(float) * packed_size(1, columns));
    for (int t = 0; t < steps; t++) {
      for (int first = 0; first < batch; first += kDepth) {
        const int deep = batch - first < kDepth ? batch - first : kDepth;
        const long row = long(t) * batch + first;
        pack(deep, columns, plain(slopes + row * width + from, width), packed);
        add_rows(deep, columns, packed, bias);
        multiply(inputs, columns, deep, transposed(x + row * inputs, inputs), packed, of_x, width,
                 {true, nullptr});
        if (t == 0) continue;
        const float* const before = states.hidden + (row - batch) * units;
        multiply(units, columns, deep, transposed(before, units), packed, of_h, width,
                 {true, nullptr});
      }
    }
    std::memcpy(gradients.bias + from, bias, sizeof(float) * columns);
  });
}

inline void lstm_backward(LstmSizes size, const float* x, LstmWeights weights, LstmStates states,
                          const float* hidden_gradient, LstmGradients gradients) {
  const Floats slopes(4l * size.steps * size.batch * size.units);
  lstm_rows_backward(size, weights, states, hidden_gradient, slopes, gradients.x);
  lstm_weights_backward(size, x, states, slopes, gradients);
}

}  // namespace
