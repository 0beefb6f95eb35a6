// What is computed in native code, once for every kind of processor that it is compiled for.
#pragma once

/** Sizes of one LSTM layer's pass over a batch of windows. */
struct LstmSizes {
  int steps;
  int batch;
  int inputs;
  int units;
};

/** A layer's weights: (inputs + units) × 4·units, and 4·units; gates in the order i, f, c̃, o. */
struct LstmWeights {
  const float* kernel;
  const float* bias;
};

/** What the forward pass leaves for the backward one: steps × batch × units, the gates 4·units wide. */
struct LstmStates {
  float* hidden;
  float* cell;
  float* gates;
};

/** Gradients; `x` is null where it is not asked for. */
struct LstmGradients {
  float* x;
  float* kernel;
  float* bias;
};

struct Kernels {
  void (*lstm_forward)(LstmSizes, const float* x, LstmWeights, LstmStates);
  void (*lstm_backward)(LstmSizes, const float* x, LstmWeights, LstmStates,
                        const float* hidden_gradient, LstmGradients);
};

/** The fastest that this processor runs. */
const Kernels& tickbook_kernels();
