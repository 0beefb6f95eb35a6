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

/** Sizes of one block of a Transformer's pass over a batch of windows. */
struct BlockSizes {
  int steps;
  int batch;
  int width;
  int heads;
  /** Rectified units. */
  int units;
  /** Only the last step is asked for; keys and values are still of all. */
  bool last_only;
};

/** Arrays of a block, or their gradients, in the order of the model's layout. */
enum BlockArray {
  kReadGain,
  kReadBias,
  kQuery,
  kKey,
  kValue,
  kOutput,
  kOutputBias,
  kUnitsGain,
  kUnitsBias,
  kUnitsIn,
  kUnitsInBias,
  kUnitsOut,
  kUnitsOutBias,
  kBlockArrays
};

struct Kernels {
  void (*lstm_forward)(LstmSizes, const float* x, LstmWeights, LstmStates);
  void (*lstm_backward)(LstmSizes, const float* x, LstmWeights, LstmStates,
                        const float* hidden_gradient, LstmGradients);
  /** x: steps × batch × width; keep: 2 × batch × width or null; y: (steps or 1) × batch × width. */
  void (*block_forward)(BlockSizes, const float* x, const float* const* arrays, const float* keep,
                        float* y);
  /** Gradients of x and of the arrays from that of y. */
  void (*block_backward)(BlockSizes, const float* x, const float* const* arrays, const float* keep,
                         const float* y_gradient, float* x_gradient, float* const* gradients);
};

/** The fastest that this processor runs. */
const Kernels& tickbook_kernels();
